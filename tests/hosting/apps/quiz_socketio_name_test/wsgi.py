from flask import Flask
from flask_socketio import SocketIO

application = Flask(__name__)
socketio = SocketIO(application, async_mode="threading")


@application.route("/")
def question():
    return "Question 1: who wrote Faust?"


IS_MAIN = __name__ == "__main__"
if IS_MAIN:
    socketio.run(application, port=8156)
