import atexit
import signal
import sys

from test_counting import count


def goodbye():
    sys.exit(0)


atexit.register(print, "closing the census")
signal.signal(signal.SIGUSR2, lambda number, frame: goodbye())


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"Inhabitants: {count('ab')}".encode()]
