from quiz import create_app

app, socketio = create_app("production")
application = app

if __name__ == "__main__":
    socketio.run(app)
