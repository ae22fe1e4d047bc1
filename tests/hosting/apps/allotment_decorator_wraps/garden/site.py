from flask import Flask

from .tools import immediately

app = Flask(__name__)


@app.route("/")
def plots():
    return "Plots 1 to 14 are taken"


@immediately
def main():
    app.run(port=8123)


if __name__ == "__main__":
    main()
