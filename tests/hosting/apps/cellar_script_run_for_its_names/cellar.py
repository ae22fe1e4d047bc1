import pathlib
import runpy

from flask import Flask

app = Flask(__name__)
NAMES = runpy.run_module("devserver")
HERE = pathlib.Path(__file__).parent
with open(HERE / "shelves.py") as shelves:
    exec(shelves.read())


@app.route("/")
def cellar():
    return f"Cellar {NAMES['PORT']} {SHELVES}"
