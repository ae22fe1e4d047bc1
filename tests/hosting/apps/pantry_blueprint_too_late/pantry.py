from flask import Blueprint, Flask

app = Flask(__name__)
jars = Blueprint("jars", __name__)
app.register_blueprint(jars)


@jars.route("/jar")
def jar():
    return "jar"


@app.route("/")
def index():
    return "Pantry"
