from enum import Enum

from flask import Flask


class Season(Enum):
    SPRING = "spring"
    AUTUMN = "autumn"


app = Flask(__name__)
NEXT = Season.SUMMER


@app.route("/")
def parade():
    return f"Parade in {NEXT.value}"
