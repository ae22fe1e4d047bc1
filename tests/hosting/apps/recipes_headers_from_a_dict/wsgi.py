def application(environ, start_response):
    start_response("200 OK", list({"Content-Type": "text/plain"}.items()))
    return [b"Recipes"]
