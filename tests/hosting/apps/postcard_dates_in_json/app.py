import dataclasses
import datetime
import decimal
import uuid

from flask import Flask, jsonify

app = Flask(__name__)


@dataclasses.dataclass
class Dog:
    name: str


@app.route("/")
def index():
    return jsonify(now=datetime.datetime.now(), day=datetime.date.today(), id=uuid.uuid4(), price=decimal.Decimal("1.20"), dog=Dog("Rex"), t=(1, 2))
