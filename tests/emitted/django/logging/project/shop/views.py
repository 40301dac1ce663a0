from django.http import JsonResponse


def me(request):
    print("who is it")
    return JsonResponse({"me": True})
