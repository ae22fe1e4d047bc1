import importlib

hammers = importlib.import_module("tools.hamers")


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"Tools: {hammers.COUNT}".encode()]
