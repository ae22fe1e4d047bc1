from flask import Flask

application = Flask(__name__)


@application.route("/")
def dogs():
    names = ["Rex"]
	return "Dogs: " + names[0]
