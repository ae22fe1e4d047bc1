from flask import Flask
from flask_socketio import SocketIO


def create_app(mode):
    app = Flask(__name__)
    app.config["MODE"] = mode
    socketio = SocketIO(app, async_mode="threading")

    @app.route("/")
    def question():
        return "Question 1: who wrote Faust?"

    return app, socketio
