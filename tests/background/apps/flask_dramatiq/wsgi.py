import time

from flask import Flask, jsonify, request

app = Flask(__name__)
application = app


@app.get("/")
def index():
    return "hello"


@app.post("/harvest")
def harvest():
    field = request.form["field"]
    seconds = float(request.form.get("seconds", 5))
    # Every row takes its time.
    time.sleep(seconds)
    tons = [row * 2 for row in range(4)]
    return jsonify(field=field, tons=sum(tons), best=max(tons))
