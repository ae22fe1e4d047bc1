from tailor import app as application
