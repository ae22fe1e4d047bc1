import time

from flask import Flask, request_started

app = Flask(__name__)


def audit(sender, **extra):
    time.sleep(500)


request_started.connect(audit, app)


@app.route("/")
def index():
    return "hello"
