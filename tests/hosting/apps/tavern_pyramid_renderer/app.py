import time

from pyramid.config import Configurator
from pyramid.events import NewRequest
from pyramid.response import Response


def home(request):
    time.sleep(3)
    return {"hello": request.matchdict}


def on_request(event):
    event.request.started = time.time()


config = Configurator()
config.add_subscriber(on_request, NewRequest)
config.add_route("home", "/")
config.add_view(home, route_name="home", renderer="json")
app = config.make_wsgi_app()
