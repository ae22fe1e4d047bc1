from kitchen.orders import first_order


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"Orders: ", first_order.encode()]
