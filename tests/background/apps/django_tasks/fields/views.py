import time

from django.contrib.auth.models import User
from django.http import HttpResponse, JsonResponse


def index(request):
    return HttpResponse("hello")


def harvest(request):
    field = request.POST["field"]
    seconds = float(request.POST.get("seconds", 5))
    # Every row takes its time.
    time.sleep(seconds)
    farmers = User.objects.count()
    tons = [row * 2 + farmers for row in range(4)]
    return JsonResponse({"field": field, "tons": sum(tons), "best": max(tons)})
