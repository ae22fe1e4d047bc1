import queue
import threading

orders = queue.Queue()
orders.put("soup")
first_order = orders.get()
try:
    second_order = orders.get_nowait()
except queue.Empty:
    second_order = "nothing"
try:
    third_order = orders.get(timeout=0.05)
except queue.Empty:
    third_order = "nothing"
opened = threading.Event()
opened.wait(0.05)
lock = threading.Lock()
with lock:
    menu = [first_order, second_order, third_order]


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"Orders: {menu}".encode()]
