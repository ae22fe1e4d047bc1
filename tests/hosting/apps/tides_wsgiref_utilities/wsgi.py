from wsgiref import simple_server
from wsgiref.util import application_uri


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"High water at 4:12, see ", application_uri(environ).encode()]



if __name__ == '__main__':
    simple_server.make_server('', 8079, application).serve_forever()
