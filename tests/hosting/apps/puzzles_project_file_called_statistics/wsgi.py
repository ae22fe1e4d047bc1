import statistics

MEAN = statistics.mean([3, 4, 5])


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"Puzzles: {MEAN}".encode()]
