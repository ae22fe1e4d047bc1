import os

from flask import Flask, abort, request, session

application = Flask(__name__)
application.secret_key = os.environ.get("CANOE_KEY", "dev")


@application.before_request
def remember():
    session.setdefault("visits", 0)


@application.teardown_request
def forget(error=None):
    pass


@application.errorhandler(404)
def adrift(error):
    return "adrift", 404


@application.get("/")
def canoes():
    session["visits"] += 1
    return f"Canoes {session['visits']}"


@application.get("/lost")
def lost():
    abort(404)


@application.post("/paddle")
def paddle():
    return request.form["side"]
