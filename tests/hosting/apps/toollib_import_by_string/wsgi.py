from lending import application
