import threading

from flask import Flask

app = Flask(__name__)


@app.route("/")
def index():
    meeting = threading.Barrier(2)
    meeting.wait()
    return "met"
