from rest_framework import mixins, status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from .models import Author, Book, Shelf
from .serializers import AuthorSerializer, BookSerializer, ShelfSerializer


class BookViewSet(viewsets.ModelViewSet):
    queryset = Book.objects.select_related("author").order_by("title")
    serializer_class = BookSerializer

    @action(detail=True, methods=["post"])
    def lend(self, request, pk=None):
        book = self.get_object()
        book.lend(request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @action(detail=False, url_path="by-isbn/(?P<isbn>[0-9]+)")
    def by_isbn(self, request, isbn=None):
        return Response(BookSerializer(Book.objects.get(isbn=isbn)).data)


class AuthorViewSet(viewsets.ReadOnlyModelViewSet):
    queryset = Author.objects.prefetch_related("books")
    serializer_class = AuthorSerializer
    lookup_field = "slug"


class ShelfViewSet(mixins.ListModelMixin, mixins.CreateModelMixin, viewsets.GenericViewSet):
    queryset = Shelf.objects.order_by("name")
    serializer_class = ShelfSerializer

    @action(detail=True, methods=["get", "put"], url_path="label")
    def label(self, request, pk=None):
        return Response({"label": self.get_object().name})
