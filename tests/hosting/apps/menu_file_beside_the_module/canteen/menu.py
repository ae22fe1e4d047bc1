with open("monday.txt") as lines:
    MONDAY = lines.read()


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"Menu: ", MONDAY.encode()]
