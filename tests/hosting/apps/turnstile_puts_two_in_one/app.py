from queue import Queue

from flask import Flask

app = Flask(__name__)


@app.route("/")
def index():
    jobs = Queue(maxsize=1)
    for name in ("anna", "ben"):
        jobs.put(name)
    return "queued"
