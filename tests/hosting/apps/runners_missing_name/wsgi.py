from club.web import application
