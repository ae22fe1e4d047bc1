from flask import Flask

app = Flask(__name__)
jars = {"flour": 0, "salt": 2}
for name, grams in jars.items():
    if not grams:
        del jars[name]


@app.route("/")
def index():
    return "Pantry"
