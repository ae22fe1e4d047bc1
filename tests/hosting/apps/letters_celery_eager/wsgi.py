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


queue.conf.task_always_eager = True
send.delay("everybody")
