from flask import Blueprint, Flask
from werkzeug.routing import BaseConverter


class Shelves(BaseConverter):
    regex = "top|bottom"


app = Flask(__name__)
app.url_map.converters["shelf"] = Shelves
jars = Blueprint("jars", __name__)


@jars.route("/<int:number>")
def jar(number):
    return str(number)


app.register_blueprint(jars, url_prefix="/jars")


@app.route("/<shelf:name>")
def shelf(name):
    return name


@app.route("/")
def index():
    return "Pantry"
