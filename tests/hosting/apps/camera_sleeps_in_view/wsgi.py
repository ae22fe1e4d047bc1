import time

from flask import Flask

application = Flask(__name__)


@application.route("/")
def picture():
    time.sleep(600)
    return "Picture"
