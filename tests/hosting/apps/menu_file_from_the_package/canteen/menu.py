from importlib import resources

MONDAY = resources.files("canteen").joinpath("monday.txt").read_text()


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"Menu: ", MONDAY.encode()]
