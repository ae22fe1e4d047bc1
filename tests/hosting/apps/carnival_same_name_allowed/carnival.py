from flask import Blueprint, Flask

application = Flask(__name__)
bands = Blueprint("bands", __name__, url_prefix="/bands")


@application.route("/")
def show():
    return "Floats"


@application.route("/map", endpoint="map")
def show():  # noqa: F811
    return "Map"


@bands.route("/")
def show():  # noqa: F811
    return "Bands"


application.register_blueprint(bands)
