BREEDS = [
    "terrier",
    "poodle",

SMALL = BREEDS[:1]
