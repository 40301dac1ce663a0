from django.http import JsonResponse

from shop.models import Author


def authors(request):
    name = request.GET["name"]
    found = Author.objects.raw(f"SELECT id, name FROM shop_author WHERE name = '{name}'")
    return JsonResponse([author.name for author in found], safe=False)
