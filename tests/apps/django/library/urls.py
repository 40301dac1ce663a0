from django.urls import include, path
from rest_framework.routers import DefaultRouter, SimpleRouter

from . import api, views

router = DefaultRouter()
router.register("books", api.BookViewSet)
router.register(r"authors", api.AuthorViewSet, basename="author")

shelves = SimpleRouter(trailing_slash=False)
shelves.register("shelves", api.ShelfViewSet, basename="shelf")

urlpatterns = [
    path("", include(router.urls)),
    path("", include(shelves.urls)),
    path("search/", views.Search.as_view(), name="search"),
    path("books/<int:book_id>/cover", views.cover),
]
