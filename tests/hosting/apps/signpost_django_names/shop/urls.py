from django.urls import path

from . import views

app_name = "shop"
urlpatterns = [path("item/<int:pk>/", views.item, name="item")]
