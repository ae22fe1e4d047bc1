from flask import Flask

application = Flask(__name__)


@application.route("/")
def show():
    return "Floats"


@application.route("/bands")
def show():
    return "Bands"
