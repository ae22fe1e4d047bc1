import importlib
import pkgutil

from flask import Flask

import plugins

app = Flask(__name__)
LOADED = []

for _, name, _ in pkgutil.iter_modules(plugins.__path__):
    LOADED.append(importlib.import_module(f"plugins.{name}"))


@app.route("/")
def glider():
    return "Glider"
