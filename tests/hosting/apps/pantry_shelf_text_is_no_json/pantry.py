import json
from pathlib import Path

from flask import Flask

app = Flask(__name__)
with open(Path(__file__).parent / "shelves.json") as file:
    shelves = json.load(file)


@app.route("/")
def index():
    return "Pantry"
