import datetime
import os.path
import random
from datetime import date

from flask import Flask

app = Flask(__name__)
opened = datetime.datetime.now() - datetime.timedelta(days=1)
today = date.today().isoformat()
lucky = random.randint(1, os.path.getsize(__file__))


@app.route("/")
def index():
    return "Pantry"
