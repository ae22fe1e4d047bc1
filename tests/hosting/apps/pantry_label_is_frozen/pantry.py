from dataclasses import dataclass

from flask import Flask

app = Flask(__name__)


@dataclass(frozen=True)
class Label:
    text: str = "salt"


label = Label()
label.text = "sugar"


@app.route("/")
def index():
    return "Pantry"
