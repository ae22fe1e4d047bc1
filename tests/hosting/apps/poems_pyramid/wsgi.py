from pyramid.config import Configurator
from pyramid.response import Response


def poems(request):
    return Response("Poems")


with Configurator() as config:
    config.add_route("poems", "/")
    config.add_view(poems, route_name="poems")
    application = config.make_wsgi_app()
