from rest_framework import viewsets
from rest_framework.response import Response
from rest_framework.views import APIView

from shop.models import Book
from shop.serializers import BookSerializer


class BookViewSet(viewsets.ModelViewSet):
    queryset = Book.objects.order_by("id")
    serializer_class = BookSerializer


class DeliveryList(APIView):
    authentication_classes = []

    def get(self, request):
        return Response({"count": Book.objects.count()})
