def application(environ, start_response):
    body = [b"Recipes"]
    start_response("200 OK", [("Content-Type", "text/plain")])
    body.append(b"!")
    try:
        return body
    finally:
        print("served")
