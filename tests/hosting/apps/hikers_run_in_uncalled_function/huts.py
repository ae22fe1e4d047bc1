from flask import Flask

app = Flask(__name__)


@app.route("/")
def huts():
    return "Huts: 7 open"


def preview():
    try:
        app.run(debug=True, port=5077)
    except SystemExit:
        print("could not start the development server")
