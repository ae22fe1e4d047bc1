from flask import Flask, render_template, request

import mailer

app = Flask(__name__)


@app.route("/order", methods=["GET", "POST"])
def order():
    if request.method == "POST":
        address = request.form["address"]
        mailer.«»send_confirmation(address, copies=2)
        return render_template("thanks.html", address=address)
    return render_template("order.html")
