import threading
import time

from flask import Flask

application = Flask(__name__)
ready = threading.Event()
SECONDS = 300


@application.route("/")
def canoes():
    time.sleep(2)
    ready.wait(timeout=0.05)
    return "Canoes"


@application.route("/river")
def river():
    for attempt in range(3):
        if attempt == 1:
            break
        time.sleep(SECONDS / 100)
    else:
        time.sleep(900)
    return "Canoes on the river"
