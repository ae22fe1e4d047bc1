from farm import app as application
