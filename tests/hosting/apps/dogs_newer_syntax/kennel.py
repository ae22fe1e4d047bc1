from flask import Flask

type Dogs = list[str]

application = Flask(__name__)
DOGS: Dogs = ["Rex"]


@application.route("/")
def dogs():
    return f"Dogs: {DOGS}"
