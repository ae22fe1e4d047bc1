import threading

from flask import Flask

app = Flask(__name__)


@app.route("/")
def huts():
    return "Huts: 7 open"


worker = threading.Thread(target=app.run, kwargs={"port": 5078}, daemon=True)
worker.start()
application = app
