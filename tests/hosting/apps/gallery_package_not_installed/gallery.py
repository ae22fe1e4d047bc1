from flask import Flask
from flask_thumbnails_of_gallery import Thumbnail

application = Flask(__name__)
thumb = Thumbnail(application)


@application.route("/")
def pictures():
    return "Gallery"
