from flask import Flask


def create_app():
    app = Flask(__name__)

    @app.route("/")
    def coins():
        return "Coins"

    try:
        return app
    finally:
        print("made")
