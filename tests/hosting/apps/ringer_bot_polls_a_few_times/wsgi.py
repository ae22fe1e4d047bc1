from ringer import application
