"""The harbour's site."""

from __future__ import annotations

from flask import Flask

app = Flask(__name__)


@app.route("/<ship>")
def berth(ship: Optional[str] = None) -> Response:
    place: Berth = 3
    return f"{ship} is at berth {place}"


@app.route("/")
def harbour() -> "Response":
    return "Harbour"
