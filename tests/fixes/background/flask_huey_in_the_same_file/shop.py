import time

from flask import Flask
from huey import SqliteHuey

app = Flask(__name__)
huey = SqliteHuey()


@app.get("/report/<int:year>")
def report(year):
    «time.sleep(year)»
    return "done"
