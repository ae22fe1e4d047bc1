def begin(start):
    start("200 OK", [("Content-Type", "text/plain")])


def application(environ, start_response):
    begin(start_response)
    return [b"Recipes"]
