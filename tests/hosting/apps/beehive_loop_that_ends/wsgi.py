import itertools
import os

from flask import Flask

application = Flask(__name__)
HERE = os.path.dirname(os.path.abspath(__file__))

readings = []
with open(os.path.join(HERE, "hive.txt")) as lines:
    while True:
        line = lines.readline()
        if not line:
            break
        readings.append(float(line))

pending = list(readings)
while pending:
    pending.pop()

for number in itertools.count():
    if number > 9:
        break
else:
    raise RuntimeError("never here")


def alternate():
    while True:
        yield "bee"
        yield "drone"


PATTERN = list(itertools.islice(alternate(), 4))


@application.route("/")
def hive():
    return f"Hive: {readings} {PATTERN}"
