import argparse

from flask import Flask

app = Flask(__name__)
parser = argparse.ArgumentParser()
parser.add_argument("--shelf", type=int)
options = parser.parse_args(["--shelf", "top"])


@app.route("/")
def index():
    return "Pantry"
