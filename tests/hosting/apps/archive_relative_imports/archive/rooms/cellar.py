from .shelves import SHELVES
from .. import labels
from ..labels import LABEL


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{LABEL} {labels.NAME} {SHELVES}".encode()]
