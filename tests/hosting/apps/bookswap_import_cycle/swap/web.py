from flask import Flask

from swap.shelf import offers

app = Flask(__name__)


@app.route("/")
def index():
    return f"Swap: {offers()}"
