from glider import app as application
