import sched
import time

from flask import Flask

app = Flask(__name__)
schedule = sched.scheduler(time.time, time.sleep)


def look():
    schedule.enter(60, 1, look)


look()
schedule.run()


@app.route("/")
def index():
    return "Pantry"
