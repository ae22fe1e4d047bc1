from archive import application
