import io

from flask import Flask, send_file

application = Flask(__name__)


@application.route("/")
def index():
    return send_file(io.BytesIO(b"hello " * 50000), mimetype="text/plain", download_name="a.txt")
