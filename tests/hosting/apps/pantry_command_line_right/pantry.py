import argparse
import optparse

from flask import Flask

app = Flask(__name__)
parser = argparse.ArgumentParser()
parser.add_argument("-s", "--shelf", type=int, choices=[1, 2])
parser.add_argument("--dry", action="store_true")
parser.add_argument("jars", nargs="*")
options = parser.parse_args(["--sh", "2", "--dry", "flour"])
options = parser.parse_args(["-s1", "-5"[1:]])
old = optparse.OptionParser()
old.add_option("-s", "--shelf", type="int")
old.parse_args(["--shelf=3", "flour"])


@app.route("/")
def index():
    return "Pantry"
