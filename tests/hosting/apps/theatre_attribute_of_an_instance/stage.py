from flask import Flask

import settings

application = Flask(__name__)
application.config["TITLE"] = settings.config.SEASON_TITEL


@application.route("/")
def season():
    return application.config["TITLE"]
