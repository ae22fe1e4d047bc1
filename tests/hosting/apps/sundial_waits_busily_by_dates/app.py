from datetime import datetime, timedelta

from flask import Flask

app = Flask(__name__)
HOLD = timedelta(minutes=10)


@app.get("/")
def index():
    until = datetime.now() + HOLD
    while datetime.now() < until:
        continue
    return "done"
