import ctypes
import faulthandler

from flask import Flask

# The log names the line when a driver crashes.
faulthandler.enable()
application = Flask(__name__)


@application.route("/")
def picture():
    # An address that the driver forgot to check.
    return ctypes.string_at(0)
