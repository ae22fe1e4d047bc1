from queue import Queue

orders = Queue()
first_order = orders.get()
