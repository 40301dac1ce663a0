from django.urls import path

from shop.views import create

urlpatterns = [path("books/", create)]
