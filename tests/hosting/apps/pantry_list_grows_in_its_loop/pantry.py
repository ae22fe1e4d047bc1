from flask import Flask

app = Flask(__name__)
todo = ["flour"]
for jar in todo:
    todo.append(jar)


@app.route("/")
def index():
    return "Pantry"
