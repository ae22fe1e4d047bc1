SHELVES = ["top", "bottom"]
