from flask import Flask
from flask_socketio import SocketIO

app = Flask(__name__)
app.config["SECRET_KEY"] = "pub quiz"
socketio = SocketIO(app, async_mode="threading")


@app.route("/")
def question():
    return "Question 1: who wrote Faust?"


@socketio.on("answer")
def answer(data):
    socketio.emit("answered", data)


socketio.run(app, port=8155, allow_unsafe_werkzeug=True)
