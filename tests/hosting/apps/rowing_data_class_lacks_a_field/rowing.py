from dataclasses import dataclass

from flask import Flask


@dataclass
class Boat:
    name: str
    seats: int
    cox: bool = True


app = Flask(__name__)
FASTEST = Boat("Kormoran")


@app.route("/")
def regatta():
    return f"Regatta {FASTEST.name}"
