import os

from flask import Flask

application = Flask(__name__)


def secret():
    return os.environ["BREWERY_SECRET"]


try:
    application.secret_key = secret()
except LookupError:
    application.secret_key = "dev"


@application.route("/")
def beers():
    return "Beers"
