from flask import Flask

app = Flask(__name__)

from swap.shelf import offers  # noqa: E402


@app.route("/")
def index():
    return f"Swap: {offers()}"
