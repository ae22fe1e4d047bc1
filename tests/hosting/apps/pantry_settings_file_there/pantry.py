from flask import Flask

app = Flask(__name__)
app.config.from_pyfile("shelves.cfg")
app.config.from_pyfile("jars.cfg", silent=True)


@app.route("/")
def index():
    return "Pantry"
