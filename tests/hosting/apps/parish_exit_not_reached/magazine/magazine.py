import configparser
import os
import sys

from flask import Flask

if sys.version_info < (3, 8):
    quit("too old")

BASE = os.path.dirname(os.path.abspath(__file__))
CONFIG = os.path.join(BASE, "magazine.ini")
if not os.path.isfile(CONFIG):
    sys.exit("magazine.ini is missing")

parser = configparser.ConfigParser()
parser.read(CONFIG)

try:
    if parser["magazine"]["month"] != "May":
        sys.exit(3)
except SystemExit:
    print("not May")

app = Flask(__name__)


@app.route("/")
def cover():
    return "Magazine, " + parser["magazine"]["month"]


def stop():
    os._exit(1)
