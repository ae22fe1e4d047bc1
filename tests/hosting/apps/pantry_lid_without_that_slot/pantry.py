from flask import Flask

app = Flask(__name__)


class Lid:
    __slots__ = ("width",)


lid = Lid()
lid.widht = 7


@app.route("/")
def index():
    return "Pantry"
