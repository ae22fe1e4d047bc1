import importlib

try:
    hammers = importlib.import_module("tools.hamers")
except ModuleNotFoundError:
    hammers = importlib.import_module("tools." + "hammers")


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"Tools: {hammers.COUNT}".encode()]
