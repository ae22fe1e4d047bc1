from flask import Flask

from camera.driver import Driver

application = Flask(__name__)


@application.route("/")
def picture():
    return Driver().take()
