from flask import Flask
from importlib.util import find_spec

application = Flask(__name__)
if find_spec("flask_thumbnails_of_gallery"):
    from flask_thumbnails_of_gallery import Thumbnail

    Thumbnail(application)


@application.route("/")
def pictures():
    return "Gallery"
