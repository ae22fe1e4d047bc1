from tree import application
