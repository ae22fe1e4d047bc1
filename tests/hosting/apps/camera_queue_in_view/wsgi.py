import queue

from flask import Flask

application = Flask(__name__)
pictures = queue.Queue()


@application.route("/")
def picture():
    return pictures.get()
