from archive.web import application
