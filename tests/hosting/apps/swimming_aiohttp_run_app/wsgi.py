import lanes


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"Lanes free: {lanes.FREE}".encode()]
