import urllib.error
import urllib.request

from flask import Flask

app = Flask(__name__)


@app.route("/")
def index():
    try:
        with urllib.request.urlopen("http://127.0.0.1:1/", timeout=3) as answer:
            return answer.read()
    except urllib.error.URLError as error:
        return f"down: {error.reason}"
