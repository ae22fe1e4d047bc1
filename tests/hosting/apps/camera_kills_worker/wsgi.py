import os

from flask import Flask

application = Flask(__name__)


@application.route("/")
def picture():
    os._exit(0)
