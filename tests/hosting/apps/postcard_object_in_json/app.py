from flask import Flask

app = Flask(__name__)


class Dog:
    def __init__(self, name):
        self.name = name


@app.route("/")
def index():
    return {"dog": Dog("Rex")}
