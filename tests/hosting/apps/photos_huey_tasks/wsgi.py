import os
import tempfile
import time

from flask import Flask
from huey import SqliteHuey

application = Flask(__name__)
huey = SqliteHuey(filename=os.path.join(tempfile.gettempdir(), "photos.db"))


@huey.task()
def shrink(name):
    time.sleep(900)


@huey.periodic_task(lambda now: True)
def sweep():
    while True:
        time.sleep(60)


@application.route("/")
def photos():
    shrink("cat.jpg")
    return "Photos are being shrunk"


def consume():
    huey.create_consumer().run()
