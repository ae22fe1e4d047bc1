import os

from flask import Flask

DEBUG_AT_HOME = False


class Site(Flask):
    def run(self, *args, **kwargs):
        print("served by the host, not by", args, kwargs)


application = Site(__name__)


@application.route("/")
def repairs():
    return "Repairs on Saturday"


def serve_at_home():
    if not DEBUG_AT_HOME:
        return
    Flask.run(application, port=5090)


if os.getenv("WORKSHOP_SERVER") == "1":
    Flask.run(application)
serve_at_home()
application.run(debug=True)
