from flask import Flask

app = Flask(__name__)


@app.route("/")
def kiln():
    return "Kiln"


def check():
    return not app.debug


def serve():
    app.run(port=5171)


if any(step() is None for step in (check, serve)):
    print("the kiln is served")
