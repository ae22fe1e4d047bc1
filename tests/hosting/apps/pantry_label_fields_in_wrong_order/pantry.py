from dataclasses import dataclass

from flask import Flask

app = Flask(__name__)


@dataclass
class Label:
    text: str = "salt"
    grams: int


@app.route("/")
def index():
    return "Pantry"
