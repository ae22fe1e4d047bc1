import datetime

from flask import Flask

app = Flask(__name__)
opened = datetime.now()


@app.route("/")
def index():
    return "Pantry"
