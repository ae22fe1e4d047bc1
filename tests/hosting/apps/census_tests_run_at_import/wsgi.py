from test_counting import count


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"Inhabitants: {count('ab')}".encode()]
