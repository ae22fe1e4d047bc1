import json
import os
from pathlib import Path

from flask import Flask

app = Flask(__name__)
HERE = Path(__file__).parent
try:
    shelves = json.loads((HERE / "shelves.json").read_text())
except FileNotFoundError:
    shelves = []
if os.path.exists(HERE / "jars.json"):
    jars = json.loads((HERE / "jars.json").read_text())


@app.route("/")
def index():
    return "Pantry"
