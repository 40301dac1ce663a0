from rest_framework.response import Response
from rest_framework.views import APIView

from shop.models import Author


class Authors(APIView):
    def get(self, request):
        return Response([])

    def post(self, request):
        data = request.data
        author = Author.objects.create(name=data["name"])
        return Response({"id": author.id})
