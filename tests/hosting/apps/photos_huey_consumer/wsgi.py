from photos import application
