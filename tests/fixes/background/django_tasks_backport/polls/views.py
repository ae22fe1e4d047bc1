import time

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render

from .models import Vote


def index(request):
    return HttpResponse("hello")


@login_required
def count(request, poll):
    «votes = Vote.objects.filter(poll=poll, region=request.GET.get("region")).count()
    time.sleep(votes)»
    return render(request, "count.html", {"votes": votes, "poll": poll})
