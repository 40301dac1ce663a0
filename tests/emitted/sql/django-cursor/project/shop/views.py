from django.db import connection
from django.http import JsonResponse


def authors(request):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT name FROM shop_author WHERE name = '{request.GET['name']}'")
        return JsonResponse(cursor.fetchall(), safe=False)
