from django.http import JsonResponse

from shop.models import Book


def authors(request):
    names = []
    for book in Book.objects.order_by("id"):
        names.append(book.author.name)
    return JsonResponse(names, safe=False)


def tags(request):
    counts = []
    for book in Book.objects.order_by("id"):
        counts.append(len(book.tags.all()))
    return JsonResponse(counts, safe=False)
