import sched
import time

from flask import Flask

app = Flask(__name__)
schedule = sched.scheduler(time.time, time.sleep)
schedule.enter(0, 1, print, ("look",))
schedule.run()


def look():
    schedule.enter(60, 1, look)


look()
schedule.run(blocking=False)


@app.route("/")
def index():
    return "Pantry"
