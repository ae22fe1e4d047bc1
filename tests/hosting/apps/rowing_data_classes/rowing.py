from dataclasses import dataclass, field
from typing import ClassVar

from flask import Flask


@dataclass
class Boat:
    name: str
    seats: int = 8
    made: ClassVar[int] = 0
    crew: list = field(default_factory=list)


@dataclass(eq=False)
class Racer(Boat):
    weight: float = 0.0

    def run(self):
        raise SystemExit(self.name)


@dataclass
class Own:
    def __init__(self, *names):
        self.names = names


app = Flask(__name__)
FASTEST = Boat("Kormoran", seats=4)
CREWS = Own("a", "b").names


@app.route("/")
def regatta():
    return f"Regatta {FASTEST.name} {len(CREWS)} {FASTEST.crew}"
