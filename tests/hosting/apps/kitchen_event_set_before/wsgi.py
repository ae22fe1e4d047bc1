import threading

kitchen_open = threading.Event()


def application(environ, start_response):
    kitchen_open.set()
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"Orders"]


kitchen_open.set()
kitchen_open.wait()
