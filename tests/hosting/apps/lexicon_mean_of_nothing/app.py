from flask import Flask

app = Flask(__name__)


def mean(values):
    return sum(values) / len(values)


@app.route("/")
def index():
    return str(mean([]))
