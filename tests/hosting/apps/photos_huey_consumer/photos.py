import os
import tempfile

from flask import Flask
from huey import SqliteHuey

application = Flask(__name__)
huey = SqliteHuey(filename=os.path.join(tempfile.gettempdir(), "photos.db"))


@huey.task()
def shrink(name):
    print("shrinking", name)


@application.route("/")
def photos():
    return "Photos"


huey.create_consumer(workers=1).run()
