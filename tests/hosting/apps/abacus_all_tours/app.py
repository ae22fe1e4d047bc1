from itertools import permutations

from flask import Flask

app = Flask(__name__)
STOPS = range(16)


@app.route("/")
def index():
    best = min(sum(abs(a - b) for a, b in zip(tour, tour[1:])) for tour in permutations(STOPS))
    return str(best)
