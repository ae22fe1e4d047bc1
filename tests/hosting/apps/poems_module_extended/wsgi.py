import sys
import types


def page(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"Poems"]


application = page
assert isinstance(sys, types.ModuleType)
