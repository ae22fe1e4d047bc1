from flask import Flask, Response

application = Flask(__name__)


@application.route("/")
def canoes():
    number = 1
    while True:
        number *= 2
        if number > 1000:
            return f"Canoes {number}"


@application.route("/stream")
def stream():
    def parts():
        number = 0
        while True:
            yield f"Canoes {number}\n"
            number += 1
            if number > 3:
                return

    return Response(parts(), mimetype="text/plain")
