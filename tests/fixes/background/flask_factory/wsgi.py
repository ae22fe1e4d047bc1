import time

from flask import Flask


def create_app():
    app = Flask(__name__)

    @app.get("/slow")
    def slow():
        text = """one
two"""
        «time.sleep(5)»
        return """three
four""" + text

    return app


application = create_app()
