import threading
import time

from flask import Flask

app = Flask(__name__)


class Importer(threading.Thread):
    def run(self):
        time.sleep(800)


@app.route("/")
def index():
    importer = Importer()
    importer.start()
    importer.join()
    return "imported"
