from flask import Flask

app = Flask(__name__)


@app.route("/")
def tools():
    return "Tools: drill, ladder"
