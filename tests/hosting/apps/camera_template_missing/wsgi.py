from flask import Flask, render_template

application = Flask(__name__)


@application.route("/")
def picture():
    return render_template("picture.html")
