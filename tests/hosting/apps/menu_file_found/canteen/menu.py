import os
from pathlib import Path

HERE = Path(__file__).resolve().parent
MONDAY = (HERE / "monday.txt").read_text()
with open(os.path.join(os.path.dirname(__file__), "monday.txt")) as lines:
    AGAIN = lines.read()
TODAY = open("today.txt").read()
os.chdir(HERE)
THIRD = open("monday.txt").read()
try:
    TUESDAY = open("tuesday.txt").read()
except FileNotFoundError:
    TUESDAY = "closed"


def application(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return ["\n".join(["Menu:", MONDAY, AGAIN, TODAY, THIRD, TUESDAY]).encode()]
