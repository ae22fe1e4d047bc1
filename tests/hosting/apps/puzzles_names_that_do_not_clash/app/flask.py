from flask import Flask


def make(seed):
    app = Flask("app")
    app.add_url_rule("/", view_func=lambda: f"Puzzles {seed}", endpoint="index")
    return app
