from flask import Flask

application = Flask(__name__)


@application.route("/")
def hours():
    return "Practice open 9 to 12"
