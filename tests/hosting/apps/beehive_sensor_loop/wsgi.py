from beehive.web import application
