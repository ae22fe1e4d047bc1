from functools import partial, wraps


class PerRequest:
    """PEP 3333's class form: one instance for each request."""

    def __init__(self, environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])

    def __iter__(self):
        yield b"Poems"


class Wrapper:
    def __init__(self, app, depth=0):
        self.app = app

    def __call__(self, environ, start_response):
        return self.app(environ, start_response)

    @staticmethod
    def static(environ, start_response, app=PerRequest):
        return app(environ, start_response)

    @classmethod
    def of_class(cls, *args):
        return cls.static(*args)


def middleware(app):
    @wraps(app)
    def inner(environ, start_response, exc_info=None):
        return app(environ, start_response)

    return inner


def with_prefix(prefix, environ, start_response):
    return Wrapper.of_class(environ, start_response)


chain = lambda environ, start_response: Wrapper(partial(with_prefix, "/poems"))(environ, start_response)  # noqa: E731


@middleware
def application(environ, start_response):
    return chain(environ, start_response)
