from django.urls import re_path

from .views import count, index

app_name = "polls"
urlpatterns = [re_path("^$", index), re_path("^(?P<poll>[0-9]+)$", count)]
