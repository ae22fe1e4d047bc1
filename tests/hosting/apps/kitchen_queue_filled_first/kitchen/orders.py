from queue import Queue

orders = Queue()
orders.put("soup")
first_order = orders.get()
