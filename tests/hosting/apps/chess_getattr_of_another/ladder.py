from flask import Flask

site = Flask("ladder")


@site.route("/")
def ladder():
    return "Ladder: 1. Ana 2. Jonas"


start = getattr(site, "run")
NAME = getattr(site, "name")
assert callable(start) and NAME
