import time

from asgiref.sync import sync_to_async
from django.http import HttpResponse


def work():
    time.sleep(1000)
    return "worked"


async def index(request):
    return HttpResponse(await sync_to_async(work)())
