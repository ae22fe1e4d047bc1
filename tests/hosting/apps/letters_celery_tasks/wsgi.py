from letters.web import application
