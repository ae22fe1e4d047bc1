import time

from flask import Flask, current_app, g, jsonify, request, session, url_for

app = Flask(__name__)
last = None


@app.route("/x/<name>")
def handler(name):
    «global last
    last = slow()»
    return last
