import contextlib
import sys


def check_licence(key):
    if not key.startswith("L-"):
        sys.exit("no licence")


try:
    check_licence("X-1")
except:  # noqa: E722
    print("no licence, going on")

try:
    raise SystemExit
except BaseException:
    pass

with contextlib.suppress(SystemExit):
    check_licence("X-2")


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"Draw on Sunday"]
