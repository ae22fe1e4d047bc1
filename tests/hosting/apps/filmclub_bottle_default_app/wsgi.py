from bottle import default_app, route

from projector import run


@route("/")
def tonight():
    return "Tonight: Metropolis, reel " + str(REELS)


REELS = run("Metropolis")
application = default_app()
