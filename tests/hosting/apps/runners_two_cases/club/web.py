from flask import Flask

from club.Members import MEMBERS

application = Flask(__name__)


@application.route("/")
def runners():
    return "Runners: " + ", ".join(MEMBERS)
