from flask import Flask


def create_app(store):
    app = Flask(__name__)

    @app.get("/slow")
    def slow():
        «x = store.load()»
        return x

    return app


application = create_app(None)
