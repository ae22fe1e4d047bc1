from flask import Flask
from flask_socketio import SocketIO

application = Flask(__name__)
socketio = SocketIO(application, async_mode="threading")


@application.route("/")
def question():
    return "Question 1: who wrote Faust?"


socketio.run(application, port=8156)
