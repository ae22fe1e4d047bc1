import time

from flask import Flask

app = Flask(__name__)


class Slow:
    def __get__(self, instance, owner):
        time.sleep(700)
        return 42


class Meter:
    value = Slow()


@app.route("/")
def index():
    return str(Meter().value)
