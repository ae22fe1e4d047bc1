from flask import Flask

app = Flask(__name__)


def mean(values):
    return sum(values) / len(values) if values else 0


@app.route("/")
def index():
    return str(mean([])) + str(mean([1, 2]))
