from .web import app


@app.route("/prices")
def prices():
    return "Prices"
