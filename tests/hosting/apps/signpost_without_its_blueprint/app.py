from flask import Blueprint, Flask, redirect, url_for

bp = Blueprint("shop", __name__)


@bp.route("/cart")
def cart():
    return "cart"


app = Flask(__name__)
app.register_blueprint(bp)


@app.route("/")
def index():
    return redirect(url_for("cart"))
