__all__ = ["create", "TOOLS"]

TOOLS = ["drill"]


def create(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"Tools"]


application = create
