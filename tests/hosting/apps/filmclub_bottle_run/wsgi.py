from bottle import default_app, route, run


@route("/")
def tonight():
    return "Tonight: Metropolis"


application = default_app()
run(host="localhost", port=8087, quiet=True)
