from carnival import application
