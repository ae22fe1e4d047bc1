from cellar import app as application
