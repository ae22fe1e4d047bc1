from concurrent.futures import Future, TimeoutError

from flask import Flask

app = Flask(__name__)


@app.route("/")
def index():
    answer = Future()
    try:
        return answer.result(timeout=0.2)
    except TimeoutError:
        return "not yet"
