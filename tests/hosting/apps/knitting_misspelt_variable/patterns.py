from flask import Flask

application = Flask(__name__)
application.config["TITLE"] = "Patterns"
TITLE = aplication.config["TITLE"]


@application.route("/")
def patterns():
    return TITLE
