"""A guest book."""

from flask import Flask, redirect, request

app = Flask(__name__)
entries = ["Jane was here."]


@app.get("/")
def show():
    return "<br>".join(entries)


@app.post("/sign")
def sign():
    entries.append(request.form["text"])
    return redirect("/")


app.run()
