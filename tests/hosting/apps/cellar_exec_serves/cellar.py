from flask import Flask

app = Flask(__name__)


@app.route("/")
def cellar():
    return "Cellar"


exec("app.run(port=5174)")
