import os
import time

import bottle
from bottle import Bottle, template

bottle.TEMPLATE_PATH.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "views"))
app = Bottle()


@app.route("/")
@app.route("/hello/<name>")
def index(name="you"):
    time.sleep(2)
    return template("page", name=name)
