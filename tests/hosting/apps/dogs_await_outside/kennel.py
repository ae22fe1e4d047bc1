import asyncio

from flask import Flask

application = Flask(__name__)


@application.route("/")
def dogs():
    await asyncio.sleep(0)
    return "Dogs"
