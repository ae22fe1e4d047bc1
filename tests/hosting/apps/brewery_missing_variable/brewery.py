import os

from flask import Flask

application = Flask(__name__)
application.secret_key = os.environ["BREWERY_SECRET"]


@application.route("/")
def beers():
    return "Beers"
