import asyncio
import time

from asgiref.sync import sync_to_async
from django.http import HttpResponse


def work():
    time.sleep(10)
    return "worked"


async def index(request):
    await asyncio.sleep(0.1)
    return HttpResponse(await sync_to_async(work)())
