from queue import Queue

from flask import Flask

app = Flask(__name__)


@app.route("/")
def index():
    jobs = Queue()
    jobs.put("print the labels")
    jobs.join()
    return "printed"
