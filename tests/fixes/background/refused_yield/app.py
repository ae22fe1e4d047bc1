import time

from flask import Flask, current_app, g, jsonify, request, session, url_for

app = Flask(__name__)


@app.route("/x/<name>")
def handler(name):
    «yield slow()»
    yield "x"
