from django.http import JsonResponse

from shop.models import Author, Book


def authors(request):
    names = []
    for book in Book.objects.order_by("id"):
        author = Author.objects.get(pk=book.author_id)
        names.append(author.name)
    return JsonResponse(names, safe=False)
