from django.urls import path

from fields import views

urlpatterns = [
    path("", views.index),
    path("harvest", views.harvest),
]
