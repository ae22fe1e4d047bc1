from flask import Flask, jsonify, request

from reports import build_report

app = Flask(__name__)


@app.route("/report")
def report():
    # Years before 2000 are in the archive.
    return jsonify(report=build_«»report(request.args.get("year", type=int), request.args["region"]), ok=True)
