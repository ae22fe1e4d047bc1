from flask import Flask

from kennel.places import PLACES

application = Flask(__name__)


@application.route("/")
def dogs():
    return f"Dogs: {PLACES}"
