import sys

CONFIGURATION = sys.argv[1] if len(sys.argv) > 1 else "none"
FIRST = sys.argv[0]


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"Floats, {CONFIGURATION}".encode()]
