from swap.web import app as application
