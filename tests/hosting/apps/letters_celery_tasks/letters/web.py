from flask import Flask

from letters.tasks import send

application = Flask(__name__)


@application.route("/")
def letters():
    return f"Letters are sent by {send.name}"
