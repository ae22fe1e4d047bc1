from django.http import HttpResponse
from django.urls import reverse


def index(request):
    return HttpResponse(reverse("carts"))


def cart(request):
    return HttpResponse("cart")
