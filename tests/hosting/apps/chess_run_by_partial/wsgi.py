import functools

from flask import Flask

application = Flask("ladder")


@application.route("/")
def ladder():
    return "Ladder: 1. Ana 2. Jonas"


play_at_home = functools.partial(application.run, host="127.0.0.1", port=5056)
play_at_home()
