import functools

from flask import Flask

application = Flask(__name__)


@functools.cache
def ways(steps):
    return 1 if steps < 2 else ways(steps - 1) + ways(steps - 2)


TABLE = {number: number ** 2 for number in range(100_000)}


@application.route("/")
def canoes():
    return f"Canoes {ways(300)} {sum(range(1_000_000))} {10 ** 200 in TABLE}"
