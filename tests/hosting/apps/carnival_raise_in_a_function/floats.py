def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"Floats"]


def route():
    raise NotImplementedError("the route of the parade is not known yet")


try:
    route()
except NotImplementedError as error:
    REASON = str(error)
