from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django.views.generic import TemplateView


def health(request):
    return JsonResponse({"ok": True})


@require_safe
def docs(request, page):
    return render(request, f"docs/{page}.html")


class About(TemplateView):
    template_name = "about.html"
