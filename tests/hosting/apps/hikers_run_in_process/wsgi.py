from multiprocessing import Process

from flask import Flask

application = Flask(__name__)


@application.route("/")
def huts():
    return "Huts: 7 open"


def second_server():
    application.run(port=5079)


Process(target=second_server, daemon=True).start()
