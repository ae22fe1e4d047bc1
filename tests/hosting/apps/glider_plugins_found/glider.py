import importlib
import os
import pkgutil

from flask import Flask

import plugins

app = Flask(__name__)
UNITS = [importlib.import_module("plugins." + found.name).UNIT for found in pkgutil.iter_modules(plugins.__path__)]
for file in os.listdir(os.path.dirname(plugins.__file__)):
    if file.endswith(".py") and not file.startswith("_"):
        UNITS.append(importlib.import_module("plugins." + file[:-3]).UNIT)


@app.route("/")
def glider():
    return f"Glider {UNITS}"
