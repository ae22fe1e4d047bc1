import os
import sys

from flask import Flask

BASE = os.path.dirname(os.path.abspath(__file__))
CONFIG = os.path.join(BASE, "magazine.ini")

if not os.path.exists(CONFIG):
    with open(CONFIG, "w") as file:
        file.write("[magazine]\n")
if not os.path.exists(CONFIG):
    sys.exit(1)

app = Flask(__name__)


@app.route("/")
def cover():
    return "Magazine, June"
