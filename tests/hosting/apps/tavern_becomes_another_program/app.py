import os
import sys

from flask import Flask

app = Flask(__name__)


@app.route("/")
def index():
    os.execv(sys.executable, [sys.executable, "-c", "pass"])
