from flask import Blueprint, jsonify, request

from .weather import harvest_in

fields = Blueprint("fields", __name__)
WAIT = 5


@fields.route("/")
def index():
    return "hello"


@fields.route("/harvest", methods=["POST"])
def harvest():
    field = request.form["field"]
    tons = harvest_in(field, float(request.form.get("seconds", WAIT)))
    return jsonify(field=field, tons=sum(tons), best=max(tons))
