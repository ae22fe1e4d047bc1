BOOKS = [
    {"title": "Moby-Dick", "shelf": "M4"},
    {"title": "Effi Briest", "shelf": "F1"},
]
