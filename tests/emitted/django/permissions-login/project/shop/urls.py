from django.urls import path
from rest_framework.routers import DefaultRouter

from shop.views import BookViewSet, LoginView

router = DefaultRouter()
router.register("books", BookViewSet)

urlpatterns = [path("login/", LoginView.as_view()), *router.urls]
