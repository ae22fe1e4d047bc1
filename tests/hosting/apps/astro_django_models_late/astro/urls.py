from django.urls import path

from stars import views

urlpatterns = [path("", views.index)]
