from wsgiref.simple_server import make_server


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"High water at 4:12"]


with make_server("", 8078, application) as httpd:
    print("Serving the tide table on port 8078")
    httpd.serve_forever()
