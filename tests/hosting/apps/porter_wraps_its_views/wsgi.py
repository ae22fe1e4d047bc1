from functools import update_wrapper, wraps

from flask import Flask, redirect, url_for

application = Flask(__name__)


def visitors(view):
    @wraps(view)
    def gate(*args, **kwargs):
        return view(*args, **kwargs)

    return gate


def staff(view):
    def gate(*args, **kwargs):
        return f"{view(*args, **kwargs)}, with a key"

    return update_wrapper(gate, view)


@application.route("/")
@visitors
def hall():
    return "Hall"


@application.route("/in")
@visitors
def enter():
    return redirect(url_for("hall"))


@application.route("/office")
@staff
def office():
    return "Office"


@application.route("/key")
@staff
def key():
    return url_for("office")
