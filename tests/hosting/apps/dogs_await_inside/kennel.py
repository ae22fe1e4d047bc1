import asyncio

from flask import Flask

application = Flask(__name__)


@application.route("/")
def dogs():
    async def nap():
        await asyncio.sleep(3600)

    assert asyncio and nap
    return "Dogs"
