from flask import Flask

import settings

settings.DIRECTOR = "Ida"
application = Flask(__name__)
TEXT = f"{settings.SEASON} {settings.SEATS} {settings.CURTAIN} {settings.DIRECTOR}"
LIGHT = getattr(settings, "LIGHT", "off")


@application.route("/")
def season():
    return TEXT + LIGHT
