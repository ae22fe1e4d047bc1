import threading
from concurrent.futures import ThreadPoolExecutor

sky = []


def look(name):
    sky.append(name)
    return len(name)


watcher = threading.Thread(target=look, args=("Vega",))
watcher.start()
watcher.join()
with ThreadPoolExecutor(2) as pool:
    LENGTHS = list(pool.map(len, ["Vega", "Deneb"]))


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"Tonight: {sky} {LENGTHS}".encode()]
