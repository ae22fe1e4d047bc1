from django.urls import include, path

from shop import views

urlpatterns = [
    path("", views.index, name="index"),
    path("shop/", include("shop.urls")),
]
