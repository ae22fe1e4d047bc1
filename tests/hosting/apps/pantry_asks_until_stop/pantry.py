from flask import Flask

app = Flask(__name__)
left = ["stop", "flour", "salt"]
for jar in iter(left.pop, "stop"):
    pass


def take():
    return left.pop() if left else "stop"


for jar in iter(take, "stop"):
    pass


@app.route("/")
def index():
    return "Pantry"
