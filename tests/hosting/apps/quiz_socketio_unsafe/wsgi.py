from quiz import app as application
