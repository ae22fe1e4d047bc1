from archive.rooms.cellar import application
