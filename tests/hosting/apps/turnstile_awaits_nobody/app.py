import asyncio

from flask import Flask

app = Flask(__name__)


@app.route("/")
async def index():
    await asyncio.Event().wait()
    return "set"
