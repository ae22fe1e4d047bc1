from flask import Flask

from . import members, races

application = Flask(__name__)


@application.route("/")
def runners():
    return f"Runners: {members.MEMBERS} {races.TRACK}"
