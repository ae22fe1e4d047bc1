from tides.app import application
