from flask import Flask

application = Flask(__name__)


@application.route("/")
def picture():
    from lense import FOCUS

    return f"Picture {FOCUS}"
