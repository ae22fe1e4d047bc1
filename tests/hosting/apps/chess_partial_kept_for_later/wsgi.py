import functools
import sys

from flask import Flask

application = Flask("ladder")


@application.route("/")
def ladder():
    return "Ladder: 1. Ana 2. Jonas"


run = application.run
play_at_home = functools.partial(run, host="127.0.0.1", port=5056)
COMMANDS = {"serve": play_at_home, "routes": lambda: print(application.url_map)}

if __name__ == "__main__":
    COMMANDS[sys.argv[1] if len(sys.argv) > 1 else "serve"]()
