from flask import Flask

application = Flask(__name__)


@application.route("/")
def dogs():
    if not application.debug:
        raise ValueError, "no dogs"
    return "Dogs"
