from flask import Flask

app = Flask(__name__)
for jar in iter(lambda: "flour", "stop"):
    pass


@app.route("/")
def index():
    return "Pantry"
