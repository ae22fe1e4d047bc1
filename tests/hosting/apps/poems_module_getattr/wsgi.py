def page(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"Poems"]


def __getattr__(name):
    if name == "application":
        return page
    raise AttributeError(name)
