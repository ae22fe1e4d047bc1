from flask import Flask

application = Flask(__name__)


@application.route("/")
def show():
    return "Floats"


@application.route("/bands")
@application.route("/music")
def bands():
    return "Bands"
