from pottery import app as application
