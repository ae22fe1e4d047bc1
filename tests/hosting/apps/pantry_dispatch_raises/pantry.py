from functools import singledispatch

from flask import Flask

app = Flask(__name__)


@singledispatch
def store(thing):
    return thing


@store.register
def _(thing: str):
    raise ValueError(thing)


store(3)
store("flour")


@app.route("/")
def index():
    return "Pantry"
