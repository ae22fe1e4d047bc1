from django.http import HttpResponse
from django.urls import reverse, reverse_lazy

LATER = reverse_lazy("shop:item", args=[2])


def index(request):
    return HttpResponse(reverse("shop:item", kwargs={"pk": 3}) + str(LATER) + reverse("index") + reverse(item, args=[4]) if False else reverse("shop:item", args=[4]))


def item(request, pk):
    return HttpResponse(str(pk))
