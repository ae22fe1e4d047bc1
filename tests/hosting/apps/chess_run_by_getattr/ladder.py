from flask import Flask

site = Flask("ladder")


@site.route("/")
def ladder():
    return "Ladder: 1. Ana 2. Jonas"


start = getattr(site, "run")
start(port=5055)
