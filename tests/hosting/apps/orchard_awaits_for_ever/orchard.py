import asyncio

from flask import Flask

app = Flask(__name__)


@app.route("/")
def orchard():
    return "Orchard"


async def main():
    await asyncio.Event().wait()


asyncio.run(main())
