from django.urls import path

from polls import views

urlpatterns = [
    path("", views.index, name="index"),
    path("count/<int:poll>/", views.count, name="count"),  # slow
]
