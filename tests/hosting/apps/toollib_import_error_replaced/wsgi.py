try:
    from toollibrary_next import app as application
except ImportError:
    def application(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"Tools are being moved"]
