from django.db import models


class Shelf(models.Model):
    name = models.CharField(max_length=40)


class Member(models.Model):
    name = models.CharField(max_length=40)


class Loan(models.Model):
    shelf = models.ForeignKey(Shelf, on_delete=models.CASCADE, db_index=False)
    member = models.ForeignKey(Member, on_delete=models.CASCADE, db_index=False)

    def __str__(self):
        return self.shelf.name
