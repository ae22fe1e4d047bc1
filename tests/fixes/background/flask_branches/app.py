import time

from flask import Flask, request

app = Flask(__name__)


@app.route("/draw", methods=["GET", "POST"])
def draw():
    message = ""
    size = 1
    if request.method == "POST":
        size = int(request.form["size"])
        «if size > 3:
            time.sleep(size)
            message = "large"»
        size += 1
    # The page is the same in both cases.
    return f"{message} {size}"
