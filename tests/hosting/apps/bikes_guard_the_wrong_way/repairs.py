from flask import Flask

app = Flask(__name__)


@app.route("/")
def repairs():
    return "Repairs on Saturday"


if __name__ != "__main__":
    app.run(port=5088)
