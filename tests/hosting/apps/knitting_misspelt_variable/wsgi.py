from patterns import application
