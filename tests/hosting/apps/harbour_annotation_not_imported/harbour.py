from flask import Flask

app = Flask(__name__)


@app.route("/<ship>")
def berth(ship: Optional[str] = None):
    return f"{ship} is at berth 3"


@app.route("/")
def harbour():
    return "Harbour"
