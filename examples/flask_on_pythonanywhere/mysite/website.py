"""Puts the site together: the application and its settings."""

from flask_app import app

app.config["MAX_CONTENT_LENGTH"] = 1024 * 1024
