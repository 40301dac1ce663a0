from django.urls import path

from shop.views import me

urlpatterns = [path("authors/me/", me)]
