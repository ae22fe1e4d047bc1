import time

from pyramid.config import Configurator
from pyramid.response import Response


def slow_tween(handler, registry):
    def tween(request):
        time.sleep(400)
        return handler(request)
    return tween


def home(request):
    return Response("home")


config = Configurator()
config.add_tween("app.slow_tween")
config.add_route("home", "/")
config.add_view(home, route_name="home")
app = config.make_wsgi_app()
