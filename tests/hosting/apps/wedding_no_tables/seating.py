from flask import Flask

from hall import SEATS, TABLES

application = Flask(__name__)
PER_TABLE = SEATS // TABLES


@application.route("/")
def seats():
    return f"Seats per table: {PER_TABLE}"
