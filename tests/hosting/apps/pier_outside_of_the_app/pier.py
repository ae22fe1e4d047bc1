from flask import Flask, url_for

app = Flask(__name__)


@app.route("/")
def pier():
    return "Pier"


HOME = url_for("pier")
