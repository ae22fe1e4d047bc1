from flask import Flask

application = Flask(__name__)


@application.route("/")
def trails():
    return "Trails"
