from flask import Flask, url_for

application = Flask(__name__)


def visitors(view):
    def gate(*args, **kwargs):
        return view(*args, **kwargs)

    gate.__name__ = view.__name__
    return gate


@application.route("/")
@visitors
def hall():
    return "Hall"


@application.route("/garden")
@visitors
def garden():
    return url_for("hall")
