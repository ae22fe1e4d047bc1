from flask import Flask

app = Flask(__name__)


@app.route("/")
def quarry():
    return "Quarry"


match ("serve", 5176):
    case ("check", _):
        print("checked")
    case ("serve", int(port)):
        app.run(port=port)
