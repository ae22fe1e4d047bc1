def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"Floats"]


raise NotImplementedError("the route of the parade is not known yet")
