from .archive import application
