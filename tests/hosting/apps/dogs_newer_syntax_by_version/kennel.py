from flask import Flask

import sys

if sys.version_info >= (3, 12):
    from kennel_types import Dogs
else:
    Dogs = list

application = Flask(__name__)
DOGS: Dogs = ["Rex"]


@application.route("/")
def dogs():
    return f"Dogs: {DOGS}"
