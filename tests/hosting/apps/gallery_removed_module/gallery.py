import binhex


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"Gallery", binhex.REASONABLY_LARGE]
