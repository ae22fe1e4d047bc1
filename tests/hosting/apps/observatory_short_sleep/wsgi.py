import time

attempts = 0


def connect():
    global attempts
    attempts += 1
    if attempts < 3:
        raise ConnectionError("not yet")
    return "dome"


for attempt in range(5):
    try:
        telescope = connect()
        break
    except ConnectionError:
        time.sleep(2)
else:
    raise RuntimeError("no telescope")


class Camera:
    def sleep(self, seconds):
        return f"off for {seconds} s"


CAMERA = Camera().sleep(86400)


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"Tonight: {telescope}, camera {CAMERA}".encode()]
