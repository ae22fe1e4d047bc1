import sys


def check_licence(key):
    if not key.startswith("L-"):
        sys.exit("no licence")


try:
    check_licence("L-1")
except Exception as error:
    print("never here", error)


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"Draw on Sunday"]
