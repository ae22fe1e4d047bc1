import time

from flask import Flask, current_app, g, jsonify, request, session, url_for

app = Flask(__name__)
seen = []


@app.route("/x/<name>")
def handler(name):
    «seen.append(slow(name))»
    return "x"
