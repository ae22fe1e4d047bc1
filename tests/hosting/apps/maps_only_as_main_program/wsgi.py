from flask import Flask

app = Flask(__name__)


@app.route("/")
def trails():
    return "Trails"


if __name__ == "__main__":
    application = app
    application.run()
