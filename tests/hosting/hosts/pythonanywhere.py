"""Loads a WSGI file the way PythonAnywhere's error logs show that it is done there.

uWSGI loads this file, and this file imports the user's WSGI file as a module, by
its name. An `Exception`, while importing or while answering, becomes a page with
status 500 and a traceback in the log; `SystemExit` and its like go through and
end the process.
"""

import importlib
import logging  # noqa: F401  (already loaded there when the user's file is imported)
import os
import sys
import threading  # noqa: F401
import traceback

PAGE = b"<html><title>Something went wrong</title></html>"


def error_page(report, start_response):
    """Log `report` (a traceback) and return the body of a 500 page."""
    sys.stderr.write(f"Error running WSGI application\n{report}\n")
    sys.stderr.flush()
    start_response("500 Internal Server Error", [("Content-Type", "text/html")])
    return PAGE


def answering(app):
    """Wrap the user's application object `app` so that its exceptions become 500 pages."""

    def call(environ, start_response):
        try:
            parts = app(environ, start_response)
            for part in parts:
                yield part
            close = getattr(parts, "close", None)
            if close is not None:
                close()
        except Exception:
            yield error_page(traceback.format_exc(), start_response)

    return call


def failed(report):
    """Return an application that answers every request with the loading error `report`."""

    def call(environ, start_response):
        yield error_page(report, start_response)

    return call


entry = os.environ["HOSTING_ENTRY"]
sys.path.insert(0, os.path.dirname(entry))
try:
    module = importlib.import_module(os.path.splitext(os.path.basename(entry))[0])
    application = answering(module.application)
except Exception:
    application = failed(traceback.format_exc())
