import asyncio

from flask import Flask

app = Flask(__name__)


@app.route("/")
async def index():
    try:
        await asyncio.wait_for(asyncio.Event().wait(), timeout=0.3)
    except asyncio.TimeoutError:
        return "gave up"
    return "set"
