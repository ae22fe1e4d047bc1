import queue

from flask import Flask

app = Flask(__name__)


@app.route("/")
def index():
    jobs = queue.Queue()
    jobs.put("one")
    jobs.get()
    return jobs.get()
