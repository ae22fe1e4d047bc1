from pier import app as application
