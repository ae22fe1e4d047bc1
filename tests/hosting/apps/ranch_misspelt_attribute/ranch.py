from flask import Flask


class Settings:
    TITLE = "Ranch"
    HORSES = 12


class Local(Settings):
    HORSES = 2


TITLE = Local.TITEL
app = Flask(__name__)


@app.route("/")
def ranch():
    return TITLE
