from django.conf import settings
from django.db import models


class Stamped(models.Model):
    created = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True


class Author(Stamped):
    name = models.CharField(max_length=120)
    slug = models.SlugField(unique=True)


class Shelf(models.Model):
    name = models.CharField(max_length=40)

    class Meta:
        db_table = "shelves"


class Book(Stamped):
    title = models.CharField(max_length=200, db_index=True)
    isbn = models.CharField(max_length=13)
    author = models.ForeignKey(Author, on_delete=models.PROTECT, related_name="books")
    shelf = models.ForeignKey("Shelf", null=True, on_delete=models.SET_NULL, db_index=False)
    tags = models.ManyToManyField("library.Tag", blank=True)

    class Meta:
        indexes = [models.Index(fields=["shelf", "title"])]
        constraints = [models.UniqueConstraint(fields=["isbn"], name="one_isbn")]

    def lend(self, user):
        from loans.models import Loan

        return Loan.objects.create(book=self, member=user.member)


class Tag(models.Model):
    word = models.CharField(max_length=30, primary_key=True)
