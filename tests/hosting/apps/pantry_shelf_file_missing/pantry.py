import json
from pathlib import Path

from flask import Flask

app = Flask(__name__)
shelves = json.loads((Path(__file__).parent / "shelves.json").read_text())


@app.route("/")
def index():
    return "Pantry"
