from choir import app as application
