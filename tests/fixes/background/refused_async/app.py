from flask import Flask

app = Flask(__name__)


@app.get("/slow")
async def slow():
    «x = await fetch()»
    return x
