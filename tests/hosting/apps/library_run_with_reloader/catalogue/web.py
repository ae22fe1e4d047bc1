from flask import Flask, jsonify

from .books import BOOKS

app = Flask(__name__)


@app.get("/")
def index():
    return "Catalogue of the village library"


@app.get("/books")
def books():
    return jsonify(BOOKS)


app.run(host="127.0.0.1", port=5001, debug=True)
