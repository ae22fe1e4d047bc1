from flask import Flask

application = Flask(__name__)
application.config["TITLE"] = "Patterns"
from wool import *
TITLE = application.config["TITLE"] + COLOUR


@application.route("/")
def patterns():
    return TITLE
