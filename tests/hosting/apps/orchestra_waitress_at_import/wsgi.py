from concert import app as application
