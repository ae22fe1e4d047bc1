from flask import Flask

import hall
from hall import SEATS, TABLES

assert SEATS % TABLES == 0, "odd tables"
assert hasattr(hall, "SEATS")
if not TABLES:
    raise ValueError("no tables")

application = Flask(__name__)
PER_TABLE = SEATS // TABLES
try:
    REST = SEATS // (TABLES - 12)
except ZeroDivisionError:
    REST = 0


def invite(guest):
    raise NotImplementedError(guest)


@application.route("/")
def seats():
    return f"Seats per table: {PER_TABLE}, {REST}"
