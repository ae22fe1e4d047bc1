from werkzeug.serving import run_simple as serve
from werkzeug.wrappers import Response


def station(environ, start_response):
    return Response("17 degrees")(environ, start_response)


application = station
serve("127.0.0.1", 8765, application, use_reloader=False)
