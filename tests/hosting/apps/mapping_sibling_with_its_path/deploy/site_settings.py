TITLE = "Maps"
