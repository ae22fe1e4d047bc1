from pyramid.config import Configurator
from pyramid.response import Response


def poems(request):
    return Response("Poems")


config = Configurator()
config.add_route("poems", "/")
config.add_view(poems, route_name="poems")
application = config
