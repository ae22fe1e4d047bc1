from flask import Flask, current_app, g, url_for

app = Flask(__name__)


@app.route("/")
def pier():
    g.visited = True
    return f"Pier {current_app.name} {HOME}"


with app.test_request_context():
    HOME = url_for("pier")

with app.app_context():
    NAME = current_app.name
