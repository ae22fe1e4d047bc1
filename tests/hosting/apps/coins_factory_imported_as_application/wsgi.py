from coins import make_site as application
