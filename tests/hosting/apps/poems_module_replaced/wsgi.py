import sys
import types


def page(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"Poems"]


lazy = types.SimpleNamespace(application=page, __name__=__name__)
sys.modules[__name__] = lazy
