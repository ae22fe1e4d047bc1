import time

from pyramid.response import Response
from pyramid.view import view_config


@view_config(route_name="home")
def home(request):
    time.sleep(400)
    return Response("home")
