import re

from flask import Flask

app = Flask(__name__)
shelf = re.match(r"shelf-(\d+)", "shelf 3").group(1)


@app.route("/")
def index():
    return "Pantry"
