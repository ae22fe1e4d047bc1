from quarry import app as application
