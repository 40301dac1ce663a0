from django.urls import path

from shop.views import authors

urlpatterns = [path("authors/", authors)]
