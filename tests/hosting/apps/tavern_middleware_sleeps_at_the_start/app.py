import time

from flask import Flask

app = Flask(__name__)


@app.route("/")
def index():
    return "hello"


class Warm:
    def __init__(self, wsgi_app):
        self.wsgi_app = wsgi_app

    def __call__(self, environ, start_response):
        def later(status, headers, exc_info=None):
            time.sleep(700)
            return start_response(status, headers, exc_info)
        return self.wsgi_app(environ, later)


app.wsgi_app = Warm(app.wsgi_app)
