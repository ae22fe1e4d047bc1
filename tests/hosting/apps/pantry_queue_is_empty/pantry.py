import queue

from flask import Flask

app = Flask(__name__)
orders = queue.Queue()
first = orders.get_nowait()


@app.route("/")
def index():
    return "Pantry"
