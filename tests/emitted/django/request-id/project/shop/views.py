from django.http import JsonResponse


def me(request):
    return JsonResponse({"me": True})
