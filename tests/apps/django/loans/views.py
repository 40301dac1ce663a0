from django.db import transaction
from django.http import JsonResponse
from django.utils import timezone
from django.views import View
from django.views.decorators.http import require_POST
from rest_framework import viewsets
from rest_framework.response import Response

from loans.models import Loan
from loans.services import overdue_loans


class LoanListView(View):
    http_method_names = ["get"]

    def get(self, request):
        loans = Loan.objects.filter(member__user=request.user).select_related("book")[:50]
        return JsonResponse({"data": [loan.book.title for loan in loans]})


@require_POST
def give_back(request, loan_id):
    with transaction.atomic():
        loan = Loan.objects.select_for_update().get(pk=loan_id)
        loan.returned = timezone.now()
        loan.save(update_fields=["returned"])
    return JsonResponse({"ok": True})


class LoanViews(viewsets.ViewSet):
    def overdue(self, request):
        return Response([loan.pk for loan in overdue_loans()])
