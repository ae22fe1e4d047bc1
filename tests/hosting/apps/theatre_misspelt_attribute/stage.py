from flask import Flask

import settings

application = Flask(__name__)
application.config["TITLE"] = settings.SEASON_TITEL


@application.route("/")
def season():
    return application.config["TITLE"]
