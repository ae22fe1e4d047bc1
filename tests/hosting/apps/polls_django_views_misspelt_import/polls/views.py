from django.http import HttpResponse, JSONResponse


def index(request):
    return HttpResponse("Vote")
