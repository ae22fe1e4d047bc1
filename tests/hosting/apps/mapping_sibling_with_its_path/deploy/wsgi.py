import os
import sys

sys.path.append(os.path.abspath(os.path.dirname(__file__)))

from site_settings import TITLE


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [TITLE.encode()]
