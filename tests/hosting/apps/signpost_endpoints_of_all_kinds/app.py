from flask import Blueprint, Flask, redirect, url_for

bp = Blueprint("shop", __name__)


@bp.route("/cart")
def cart():
    return url_for(".thing", id=3) + url_for("static", filename="site.css")


@bp.route("/thing/<int:id>")
def thing(id):
    return str(id)


app = Flask(__name__)
app.register_blueprint(bp)
app.add_url_rule("/about", "about", lambda: "about")


@app.route("/", endpoint="home")
def index():
    return url_for("shop.cart") + url_for("about") + url_for("home") + url_for("shop.thing", id=4)
