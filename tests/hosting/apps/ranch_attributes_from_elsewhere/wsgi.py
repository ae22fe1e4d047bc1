from ranch import app as application
