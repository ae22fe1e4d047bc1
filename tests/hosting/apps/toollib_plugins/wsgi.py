import importlib
import pkgutil

import tools
import tools.prices

PLUGINS = [importlib.import_module(f"tools.{name}") for name in ("hammers", "prices")]
FOUND = [info.name for info in pkgutil.iter_modules(tools.__path__)]
for name in FOUND:
    importlib.import_module("." + name, package="tools")
DRILL = tools.prices.DRILL
SAW = __import__("tools.hammers").hammers.COUNT


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"Tools: {DRILL} {SAW} {FOUND}".encode()]
