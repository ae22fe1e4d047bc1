from flask import Flask

application = Flask(__name__)
family = input("Which family? ")


@application.route("/")
def show():
    return "Family " + family
