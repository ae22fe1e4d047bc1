from bottle import Bottle
from waitress import serve as listen

app = Bottle()


@app.route("/")
def programme():
    return "Programme: Dvořák, Smetana"


# listen(app, host="127.0.0.1", port=8044)
HOW_TO_SERVE = """
listen(app)
"""
assert listen
