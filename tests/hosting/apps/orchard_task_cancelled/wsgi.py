from orchard import app as application
