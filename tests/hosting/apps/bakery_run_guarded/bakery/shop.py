"""The bakery's web shop.

Try it at home with `python shop.py`, which calls app.run(debug=True).
"""
from flask import Flask

app = Flask(__name__)
BREADS = ["Rye bread", "Baguette"]


@app.route("/")
def fresh_today():
    return ", ".join(BREADS)


# app.run(host="0.0.0.0", port=80)
if __name__ == "__main__":
    app.run(debug=True)
