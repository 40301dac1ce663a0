from django.urls import path

from shop.views import authors, tags

urlpatterns = [path("authors/", authors), path("tags/", tags)]
