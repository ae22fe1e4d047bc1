from flask import Flask

application = Flask(__name__)


@application.route("/")
def dogs():
<<<<<<< HEAD
    return "Dogs"
=======
    return "All dogs"
>>>>>>> holidays
