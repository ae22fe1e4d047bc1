import time
from flask import Flask

app = Flask(__name__)


def cool_down(seconds):
    end = time.time() + seconds
    while time.time() < end:
        pass


@app.route("/")
def index():
    cool_down(0.5)
    return "cooled"
