import logging
from pathlib import Path

from flask import Flask

app = Flask(__name__)
logging.basicConfig(filename=Path(__file__).parent / "protocols" / "pantry.log")


@app.route("/")
def index():
    return "Pantry"
