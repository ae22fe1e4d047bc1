import os

from tickets import SOLD


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"Draw: {SOLD} tickets in {os.getcwd()}".encode()]
