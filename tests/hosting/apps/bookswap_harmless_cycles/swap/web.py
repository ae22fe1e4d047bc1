from flask import Flask

import swap.shelf

app = Flask(__name__)


@app.route("/")
def index():
    return f"Swap: {swap.shelf.offers()} {prices.PRICES}"


from swap import prices, views  # noqa: E402,F401
