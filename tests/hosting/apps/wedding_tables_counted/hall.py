SEATS = 120
TABLES = len("Anna Ben".split())
