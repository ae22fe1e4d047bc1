import time

from bottle import Bottle

app = Bottle()


def stopwatch(callback):
    def wrapper(*args, **kwargs):
        time.sleep(500)
        return callback(*args, **kwargs)
    return wrapper


app.install(stopwatch)


@app.route("/")
def index():
    return "hello"
