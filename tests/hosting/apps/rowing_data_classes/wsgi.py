from rowing import app as application
