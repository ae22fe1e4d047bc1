import time

from flask import Flask

app = Flask(__name__)


def readings():
    for hour in range(24):
        time.sleep(30)
        yield hour


@app.route("/")
def index():
    return {"first": next(readings())}
