from flask import Flask

application = Flask(__name__)


@application.route("/")
def dogs():
    print("print 'somebody asks for dogs'")
    return "Dogs"
