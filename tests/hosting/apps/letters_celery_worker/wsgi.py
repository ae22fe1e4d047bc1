from celery import Celery
from flask import Flask

application = Flask(__name__)
queue = Celery("letters", broker="memory://", backend="cache+memory://")


@queue.task
def send(to):
    print("sent to", to)


@application.route("/")
def letters():
    return "Letters"


queue.Worker(pool="solo", concurrency=1).start()
