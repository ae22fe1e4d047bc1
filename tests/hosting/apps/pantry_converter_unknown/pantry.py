from flask import Flask

app = Flask(__name__)


@app.route("/")
def index():
    return "Pantry"


@app.route("/jar/<integer:number>")
def jar(number):
    return str(number)
