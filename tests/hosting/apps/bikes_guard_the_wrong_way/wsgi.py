from repairs import app as application
