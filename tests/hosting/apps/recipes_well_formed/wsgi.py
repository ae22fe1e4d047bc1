import io
from wsgiref.util import FileWrapper

PAGES = {}


def page(path):
    def add(function):
        PAGES[path] = function
        return function

    return add


@page("/")
def index(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8")])
    yield "Recipes".encode("utf-8")
    yield b""


@page("/file")
def file(environ, start_response):
    write = start_response("200 OK", [("Content-Type", "text/plain")])
    assert callable(write)
    return FileWrapper(io.BytesIO(b"Recipes"))


def missing(environ, start_response):
    start_response("404 Not Found", [("Content-Type", "text/plain")])
    return iter((b"no such page",))


def application(environ, start_response):
    handler = PAGES.get(environ["PATH_INFO"], missing)
    return handler(environ, start_response)
