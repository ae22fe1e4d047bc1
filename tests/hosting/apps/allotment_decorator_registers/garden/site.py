from flask import Flask

from .tools import COMMANDS, command

app = Flask(__name__)


@app.route("/")
def plots():
    return "Plots 1 to 14 are taken"


@command
def serve():
    app.run(port=8123)


@app.cli.command("harvest")
def harvest():
    while True:
        print("weeding")


if __name__ == "__main__":
    COMMANDS["serve"]()
