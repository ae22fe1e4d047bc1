import sys

from flask import Flask

application = Flask(__name__)


@application.route("/")
def picture():
    print("no camera")
    sys.exit(1)
