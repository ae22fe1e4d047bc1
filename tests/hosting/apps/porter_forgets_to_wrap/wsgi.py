from flask import Flask

application = Flask(__name__)


def visitors(view):
    def gate(*args, **kwargs):
        return view(*args, **kwargs)

    return gate


@application.route("/")
@visitors
def hall():
    return "Hall"


@application.route("/garden")
@visitors
def garden():
    return "Garden"
