def numbers():
    number = 0
    while True:
        yield number
        number += 1


TOTAL = 0
for value in numbers():
    TOTAL = value


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"Boxes"]
