from flask import Flask, jsonify
from flask.json.provider import DefaultJSONProvider


class Provider(DefaultJSONProvider):
    @staticmethod
    def default(obj):
        if isinstance(obj, set):
            return sorted(obj)
        return DefaultJSONProvider.default(obj)


app = Flask(__name__)
app.json = Provider(app)


@app.route("/")
def index():
    return jsonify(tags={"a", "b"})
