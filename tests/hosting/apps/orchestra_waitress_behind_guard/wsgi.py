import sys

from bottle import Bottle
from waitress import serve

application = Bottle()


@application.route("/")
def programme():
    return "Programme: Dvořák, Smetana"


if len(sys.argv) == 2 and sys.argv[1] == "serve-at-home":
    serve(application, port=8044)
