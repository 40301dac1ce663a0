from django.urls import path

from shop.views import Authors

urlpatterns = [path("books/", Authors.as_view())]
