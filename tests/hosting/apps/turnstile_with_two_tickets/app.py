import threading

from flask import Flask

app = Flask(__name__)
tickets = threading.BoundedSemaphore(2)


@app.route("/")
def index():
    with tickets:
        with tickets:
            return "got two"
