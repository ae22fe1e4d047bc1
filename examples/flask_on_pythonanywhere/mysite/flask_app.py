"""A guest book."""

from flask import Flask, redirect, request
from markupsafe import escape

app = Flask(__name__)
entries = ["Jane was here."]


@app.get("/")
def show():
    return "<br>".join(escape(entry) for entry in entries)


@app.post("/sign")
def sign():
    entries.append(request.form["text"])
    return redirect("/")


app.run(debug=True)
