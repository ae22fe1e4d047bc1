import json
from datetime import datetime

from flask import Flask

app = Flask(__name__)


@app.route("/")
def index():
    return json.dumps({"now": datetime.now(), "tags": list({"a"})}, default=str)
