from harbour import app as application
