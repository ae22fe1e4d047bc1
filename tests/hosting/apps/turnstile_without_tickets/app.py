import threading

from flask import Flask

app = Flask(__name__)


@app.route("/")
def index():
    tickets = threading.Semaphore(0)
    with tickets:
        return "got one"
