import time


def timed(app):
    def wrapper(environ, start_response):
        start = time.perf_counter()
        try:
            return app(environ, start_response)
        finally:
            print(time.perf_counter() - start)

    return wrapper


@timed
def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"Poems"]
