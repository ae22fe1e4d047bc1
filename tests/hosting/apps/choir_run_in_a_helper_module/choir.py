from flask import Flask

import devserver

app = Flask(__name__)


@app.route("/")
def next_rehearsal():
    return "Rehearsal on Thursday, 19:30"


devserver.launch(app, port=8090)
