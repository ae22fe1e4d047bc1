import functools

from flask import Flask


@functools.lru_cache
def base_app():
    return Flask("coins")


def create_app(config=None, testing=False):
    if testing:
        return None
    app = base_app()
    app.config.update(config or {})
    register(app)
    return app


def register(app):
    def coins():
        return app.config["TITLE"]

    app.add_url_rule("/", view_func=coins)
