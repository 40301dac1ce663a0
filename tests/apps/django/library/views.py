from django.db import connection
from django.http import FileResponse
from rest_framework.response import Response
from rest_framework.views import APIView

from .models import Book


class Search(APIView):
    def get(self, request):
        found = Book.objects.filter(title__icontains=request.query_params.get("q", ""))[:25]
        return Response([book.title for book in found])

    def post(self, request):
        with connection.cursor() as cursor:
            cursor.execute("SELECT id FROM library_book WHERE search @@ plainto_tsquery(%s) LIMIT 25", [request.data["q"]])
            return Response([row[0] for row in cursor.fetchall()])


def cover(request, book_id):
    return FileResponse(open(f"/srv/covers/{book_id}.jpg", "rb"))
