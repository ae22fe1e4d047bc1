from flask import Blueprint, Flask

app = Flask(__name__)
jars = Blueprint("pantry.jars", __name__)
app.register_blueprint(jars)


@app.route("/")
def index():
    return "Pantry"
