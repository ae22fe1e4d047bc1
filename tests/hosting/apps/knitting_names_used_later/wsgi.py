from flask import Flask

application = Flask(__name__)


@application.route("/")
def patterns():
    return TITLE + helper()


try:
    unicode
except NameError:
    unicode = str

TITLE = unicode("Patterns")


def helper():
    return __file__[-7:]
