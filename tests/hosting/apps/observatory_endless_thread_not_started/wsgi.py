import threading
import time

sky = []


def watch():
    while True:
        sky.append("star")
        time.sleep(30)


watcher = threading.Thread(target=watch)


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"Tonight"]
