import statistics

from puzzle.statistics import solved

MEAN = statistics.mean([3, 4, 5])


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"Puzzles: {MEAN} {solved([1, 2])}".encode()]
