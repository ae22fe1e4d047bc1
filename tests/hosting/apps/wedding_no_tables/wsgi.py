from seating import application
