import sys

if sys.version_info < (3, 11):
    raise SystemExit("This site needs Python 3.12 or later")


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"Magazine"]
