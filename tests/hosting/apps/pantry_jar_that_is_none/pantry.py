from flask import Flask

app = Flask(__name__)


def open_jar():
    print("open")


jar = open_jar()
jar.lid = None


@app.route("/")
def index():
    return "Pantry"
