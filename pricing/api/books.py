"""`/books/`: live order books, best prices over all venues. Read from Redis, so nothing of it is history."""

import time
from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import viewsets
from rest_framework.request import Request
from rest_framework.response import Response

from pricing.models import QuoteSample
from pricing.selectors.books import book_symbols, books_of

from .books_serializers import BookQuerySerializer, BookSerializer


@extend_schema(tags=["live"])
class BookViewSet(viewsets.GenericViewSet[Any]):
    """Every instrument quoted within the last day, gift cards and crypto."""

    queryset = QuoteSample.objects.none()
    serializer_class = BookSerializer
    extra_query_parameters: ClassVar = frozenset({"market", "symbol", "base", "depth"})

    @extend_schema(
        operation_id="books_list",
        summary="Live order books",
        description=(
            "By symbol. Old quotes stay in the list with `state` stale and `is_fresh` false; best prices "
            "count fresh ones only. Answers 503 `quotes_unreadable` while the live quotes cannot be read: "
            "nothing is known about now then."
        ),
        parameters=[BookQuerySerializer],
        responses=BookSerializer(many=True),
    )
    def list(self, request: Request) -> Response:
        """Return the books that match."""
        query = BookQuerySerializer(data=request.query_params)
        self.filter_queryset(self.get_queryset())  # refuses unknown parameters
        query.is_valid(raise_exception=True)
        wanted = query.validated_data
        symbols = book_symbols(
            market=wanted.get("market"), symbol=wanted.get("symbol"), base=wanted.get("base")
        )
        page: Any = self.paginate_queryset(symbols)
        books = books_of(page, now_ms=time.time_ns() // 1_000_000)
        context = {**self.get_serializer_context(), "depth": wanted["depth"] == "1"}
        return self.get_paginated_response(BookSerializer(books, many=True, context=context).data)
