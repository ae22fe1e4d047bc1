from flask import Flask, jsonify

app = Flask(__name__)


@app.route("/")
def index():
    tags = {"red", "green"}
    return jsonify(tags=tags)
