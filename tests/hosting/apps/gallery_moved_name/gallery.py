from collections import Mapping, OrderedDict

PICTURES = OrderedDict(a=1)


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"Gallery {isinstance(PICTURES, Mapping)}".encode()]
