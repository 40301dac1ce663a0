from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_http_methods
from rest_framework import generics
from rest_framework.decorators import api_view
from rest_framework.response import Response

from .models import Member
from .serializers import MemberSerializer


class MemberList(generics.ListCreateAPIView):
    queryset = Member.objects.order_by("name")
    serializer_class = MemberSerializer


class MemberDetail(generics.RetrieveUpdateDestroyAPIView):
    queryset = Member.objects.all()
    serializer_class = MemberSerializer


@api_view(["GET"])
def card(request, pk):
    return Response({"name": get_object_or_404(Member, pk=pk).name})


@login_required
@require_http_methods(["GET", "POST"])
def account(request):
    member = Member.objects.filter(user=request.user).first()
    return render(request, "account.html", {"member": member})
