from flask import Flask

app = Flask(__name__)


@app.after_request
def no_cache(response):
    response.headers["Cache-Control"] = "no-store"


@app.route("/")
def index():
    return "hello"
