import time
from flask import Flask

app = Flask(__name__)
ready = {"yes": True}


@app.route("/")
def index():
    deadline = time.monotonic() + 600
    while time.monotonic() < deadline:
        if ready["yes"]:
            break
        time.sleep(1)
    return "ok"
