from rest_framework.decorators import api_view
from rest_framework.response import Response

from shop.models import Author


@api_view(["POST"])
def create(request):
    data = request.data
    author = Author.objects.create(name=data["name"])
    return Response({"id": author.id})
