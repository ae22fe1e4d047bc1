NAME = "Archive"
