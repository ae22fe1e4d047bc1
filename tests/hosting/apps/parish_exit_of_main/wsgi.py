from printing import PAGES


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"Magazine with %d pages" % PAGES]
