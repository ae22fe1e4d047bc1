import sys

WINNER = None
if WINNER is None:
    sys.exit(3)


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"Draw"]
