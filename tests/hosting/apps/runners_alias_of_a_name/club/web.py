from flask import Flask

from club.members import list_member

application = Flask(__name__)


@application.route("/")
def runners():
    return "Runners: " + ", ".join(list_member())
