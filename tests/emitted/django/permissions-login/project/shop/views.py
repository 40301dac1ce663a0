from django.contrib.auth import authenticate, login
from rest_framework import viewsets
from rest_framework.response import Response
from rest_framework.views import APIView

from shop.models import Book
from shop.serializers import BookSerializer


class BookViewSet(viewsets.ModelViewSet):
    queryset = Book.objects.order_by("id")
    serializer_class = BookSerializer


class LoginView(APIView):
    def post(self, request):
        user = authenticate(request, username=request.data["name"], password=request.data["password"])
        if user is None:
            return Response(status=400)
        login(request, user)
        return Response({"id": user.id})
