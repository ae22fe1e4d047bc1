from wsgiref.simple_server import make_server


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain; charset=utf-8")])
    return [b"High water at 4:12"]


try:
    import uwsgi
except ImportError:
    uwsgi = None
    serve_at_home = make_server
if uwsgi is not None:
    print("served by uWSGI", uwsgi.version)
