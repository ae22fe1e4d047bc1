from kennel.breeds import BREEDS

PLACES = {breed: 2 for breed in BREEDS}
