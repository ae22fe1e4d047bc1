import contextlib
import os

from flask import Flask


@contextlib.contextmanager
def album(title):
    yield Flask(title)


with album("stamps") as (app):
    app.add_url_rule("/", "index", lambda: "Stamps")

limits, (application, other) = 3, (app, None)
if (chosen := application) is not None:
    application = chosen if not os.environ.get("CLOSED") else None or chosen
