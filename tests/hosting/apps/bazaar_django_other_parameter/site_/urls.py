from django.urls import path

from shop import views

urlpatterns = [
    path("item/<int:item_id>/", views.item, name="item"),
]
