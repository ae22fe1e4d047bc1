from django.http import HttpResponse


def item(request, pk):
    return HttpResponse(str(pk))
