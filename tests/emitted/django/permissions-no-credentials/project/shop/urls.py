from django.urls import path
from rest_framework.routers import DefaultRouter

from shop.views import BookViewSet, DeliveryList

router = DefaultRouter()
router.register("books", BookViewSet)

urlpatterns = [path("deliveries/", DeliveryList.as_view()), *router.urls]
