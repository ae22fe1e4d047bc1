import threading

lock = threading.Lock()
stock = {"eggs": 6}


def restock(item, number):
    with lock:
        stock[item] = stock.get(item, 0) + number


with lock:
    restock("eggs", 12)


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"Orders"]
