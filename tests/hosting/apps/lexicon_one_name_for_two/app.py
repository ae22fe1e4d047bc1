from flask import Flask

app = Flask(__name__)


def split(name):
    return name.split(" ")


@app.route("/")
def index():
    first, last = split("Prince")
    return first
