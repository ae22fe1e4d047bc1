from dataclasses import dataclass, field

from flask import Flask

app = Flask(__name__)


@app.route("/")
def regatta():
    return "Regatta"


@dataclass
class Harbour:
    port: int
    boats: list = field(default_factory=list)

    def __post_init__(self):
        app.run(port=self.port)


Harbour(5173)
