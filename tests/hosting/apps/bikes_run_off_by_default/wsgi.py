import os

from flask import Flask

application = Flask(__name__)


@application.route("/")
def repairs():
    return "Repairs on Saturday"


if os.environ.get("WORKSHOP_SERVER", "no") == "yes":
    application.run(port=5089)
