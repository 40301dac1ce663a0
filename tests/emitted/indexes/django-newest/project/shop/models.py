from django.db import models


class Loan(models.Model):
    due = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["due"], name="loan_due_idx")]
