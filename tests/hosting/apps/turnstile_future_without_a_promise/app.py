from concurrent.futures import Future

from flask import Flask

app = Flask(__name__)


@app.route("/")
def index():
    answer = Future()
    return answer.result()
