from django.utils import timezone

from loans.models import Loan


def overdue_loans():
    return list(Loan.objects.filter(due__lt=timezone.now(), returned__isnull=True).order_by("due")[:500])


def remind(member):
    if Loan.objects.filter(member=member, returned__isnull=True).exists():
        member.user.email_user("Books", "Please bring them back")
    return Loan.objects.filter(member=member).update(reminded=timezone.now())
