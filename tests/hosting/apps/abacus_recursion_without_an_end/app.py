from flask import Flask

app = Flask(__name__)


def depth(node):
    return 1 + depth(node)


@app.route("/")
def index():
    return str(depth({"child": None}))
