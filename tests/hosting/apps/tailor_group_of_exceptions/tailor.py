import functools

from flask import Flask

try:
    raise ExceptionGroup("measures", [ValueError("long"), KeyError("short")])
except* ValueError:
    pass
except* KeyError:
    pass


@functools.lru_cache
def get_app():
    app = Flask(__name__)
    app.add_url_rule("/", "tailor", lambda: "Tailor")
    return app
