import runpy

from flask import Flask

app = Flask(__name__)


@app.route("/")
def cellar():
    return "Cellar"


runpy.run_module("devserver", run_name="__main__")
