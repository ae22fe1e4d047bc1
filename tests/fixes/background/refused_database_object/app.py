import time

from flask import Flask, current_app, g, jsonify, request, session, url_for

app = Flask(__name__)


@app.route("/x/<name>")
def handler(name):
    order = Order.query.get(1)
    «x = slow(order)»
    return x
