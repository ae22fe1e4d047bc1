import time

from flask import Flask, request

app = Flask(__name__)


@app.get("/")
def index():
    return "hello"


@app.post("/report")
def report():
    year = int(request.form["year"])
    «# The slow part: one look at each month.
    total = 0
    for month in range(12):
        time.sleep(1)
        total += year * month»
    return {"year": year, "total": total}
