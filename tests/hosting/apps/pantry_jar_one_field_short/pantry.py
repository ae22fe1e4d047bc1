from collections import namedtuple

from flask import Flask

app = Flask(__name__)
Jar = namedtuple("Jar", "content grams")
flour = Jar("flour")


@app.route("/")
def index():
    return "Pantry"
