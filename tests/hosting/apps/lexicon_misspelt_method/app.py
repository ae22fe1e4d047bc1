from flask import Flask, request

app = Flask(__name__)


@app.route("/")
def index():
    title = "hello world"
    return title.titel()
