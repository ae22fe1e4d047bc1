from huts import app as application
