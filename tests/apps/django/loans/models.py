from django.db import models


class Loan(models.Model):
    book = models.ForeignKey("library.Book", on_delete=models.CASCADE)
    member = models.ForeignKey("members.Member", on_delete=models.CASCADE, related_name="loans")
    due = models.DateField()
    returned = models.DateTimeField(null=True)
    reminded = models.DateTimeField(null=True)

    class Meta:
        unique_together = [("book", "due")]
