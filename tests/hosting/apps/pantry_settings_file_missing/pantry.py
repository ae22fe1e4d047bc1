from flask import Flask

app = Flask(__name__)
app.config.from_pyfile("shelves.cfg")


@app.route("/")
def index():
    return "Pantry"
