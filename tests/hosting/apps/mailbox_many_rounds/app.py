from flask import Flask

app = Flask(__name__)
SIZE = 300


@app.route("/")
def index():
    total = 0
    for x in range(SIZE):
        for y in range(SIZE):
            total += x * y
    return str(total)
