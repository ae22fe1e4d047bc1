from flask import Flask

from beehive import sensor

application = Flask(__name__)


@application.route("/")
def hive():
    return "Hive at %.1f degrees" % sensor.READINGS[-1]
