import queue

from flask import Flask

app = Flask(__name__)
orders = queue.SimpleQueue()
orders.put("flour")
first = orders.get_nowait()
try:
    second = orders.get(timeout=0.1)
except queue.Empty:
    second = None


@app.route("/")
def index():
    return "Pantry"
