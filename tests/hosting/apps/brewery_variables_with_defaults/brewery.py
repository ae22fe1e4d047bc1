import os

from flask import Flask

os.environ.setdefault("BREWERY_HOPS", "Saaz")
application = Flask(__name__)
application.secret_key = os.environ.get("BREWERY_SECRET", "dev")
MODE = os.environ["BREWERY_MODE"]
HOPS = os.environ["BREWERY_HOPS"]
TOWN = os.environ["BREWERY_TOWN"]
try:
    YEAST = os.environ["BREWERY_YEAST"]
except KeyError:
    YEAST = "ale"
if "BREWERY_MALT" in os.environ:
    MALT = os.environ["BREWERY_MALT"]


@application.route("/")
def beers():
    return f"Beers: {MODE} {HOPS} {TOWN} {YEAST}"
