from flask import Flask

app = Flask(__name__)


@app.route("/")
def seeds():
    return "Seeds: beans, peas"
