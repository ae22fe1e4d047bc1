import system as sys

WINNER = None
if WINNER is None:
    sys.exit(3)
    exit = sys.exit
    exit("no winner")


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"Draw"]
