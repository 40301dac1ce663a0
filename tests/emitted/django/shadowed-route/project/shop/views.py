from django.http import JsonResponse


def author(request, slug):
    return JsonResponse({"slug": slug})


def me(request):
    return JsonResponse({"me": True})
