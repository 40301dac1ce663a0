from django.urls import path

from shop.views import author, me

urlpatterns = [
    path("authors/<slug:slug>/", author),
    path("authors/me/", me),
]
