from garden.site import app as application
