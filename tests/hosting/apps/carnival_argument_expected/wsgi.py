import sys

CONFIGURATION = sys.argv[1]


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"Floats, {CONFIGURATION}".encode()]
