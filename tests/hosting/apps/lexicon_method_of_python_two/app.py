from flask import Flask

app = Flask(__name__)
PRICES = {"tea": 2}


@app.route("/")
def index():
    if PRICES.has_key("tea"):
        return "tea"
    return "no tea"
