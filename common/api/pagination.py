"""The two ways a list is cut into pages: numbers for catalogues, cursors for time series."""

from base64 import b64encode
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.dateparse import parse_datetime
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import Cursor, CursorPagination, PageNumberPagination
from rest_framework.request import Request
from rest_framework.response import Response

if TYPE_CHECKING:
    from rest_framework.views import APIView

DEFAULT_PAGE_SIZE: Final = 50
MAX_PAGE_SIZE: Final = 200
MAX_TIES: Final = 1_000_000
"""How many rows with the very same time a cursor finds its way through."""


def positive_parameter(request: Request, name: str, *, default: int, maximum: int) -> int:
    """Read a positive whole number from the query.

    Raises:
        ValidationError: if it is given and is not a plain number between 1 and `maximum`.
    """
    text = request.query_params.get(name)
    if text is None:
        return default
    if text.isascii() and text.isdecimal() and len(text) <= 9 and 1 <= int(text) <= maximum:
        return int(text)
    raise ValidationError({name: [f"Give a whole number from 1 to {maximum}."]})


class PageNumber(PageNumberPagination):
    """`page` and `page_size` (default 50, at most 200); out-of-range values are refused, not changed."""

    page_size = DEFAULT_PAGE_SIZE
    page_size_query_param = "page_size"
    max_page_size = MAX_PAGE_SIZE
    query_parameters = frozenset({"page", "page_size"})

    def get_page_size(self, request: Request) -> int:
        """Return the requested page size."""
        return positive_parameter(request, "page_size", default=DEFAULT_PAGE_SIZE, maximum=MAX_PAGE_SIZE)

    def get_page_number(self, request: Request, paginator: Any) -> int:
        """Return the requested page number."""
        return positive_parameter(request, "page", default=1, maximum=999_999_999)

    def get_paginated_response(self, data: Any) -> Response:
        """Wrap one page as `{next, previous, count, results}`."""
        page = self.page
        if page is None:  # pragma: no cover - DRF calls this only after paginating
            raise NotFound
        return Response(
            {
                "next": self.get_next_link(),
                "previous": self.get_previous_link(),
                "count": page.paginator.count,
                "results": data,
            }
        )


class TimeCursor(CursorPagination):
    """Pages of a time series by an opaque `cursor`, newest first, without a total."""

    ordering = ("-recorded_at", "-id")
    page_size = DEFAULT_PAGE_SIZE
    page_size_query_param = "page_size"
    max_page_size = MAX_PAGE_SIZE
    # DRF cuts an offset off at 1,000: of more rows than that with the same time, the rest would never come.
    offset_cutoff = MAX_TIES
    query_parameters = frozenset({"cursor", "page_size"})

    def get_page_size(self, request: Request) -> int:
        """Return the requested page size."""
        return positive_parameter(request, "page_size", default=self.page_size, maximum=self.max_page_size)

    def paginate_queryset(
        self, queryset: "QuerySet[Any] | Sequence[Any]", request: Request, view: "APIView | None" = None
    ) -> Any:
        """Return one page; a cursor that was not made by this API is refused with 400."""
        try:
            return super().paginate_queryset(queryset, request, view)
        except NotFound as error:
            raise _cursor_refused() from error

    def decode_cursor(self, request: Request) -> Cursor | None:
        """Return where the page begins; None for the first one.

        Raises:
            ValidationError: for a cursor this API would not have written. DRF reads most of them as the first
                page, and a client whose cursor was cut short would start over for ever.
        """
        text = request.query_params.get(self.cursor_query_param)
        if not text:
            return None
        cursor: Cursor | None = super().decode_cursor(request)
        if cursor is None or not _is_issued(text, cursor):
            raise _cursor_refused()
        return cursor


def _is_issued(text: str, cursor: Cursor) -> bool:
    """Tell whether a cursor holds a time, if anything, and is spelt as this API spells it."""
    stated = {"o": cursor.offset or None, "r": "1" if cursor.reverse else None, "p": cursor.position}
    query = urlencode({name: value for name, value in stated.items() if value is not None})
    try:
        is_time = cursor.position is None or parse_datetime(str(cursor.position)) is not None
    except ValueError:
        return False
    return is_time and text == b64encode(query.encode("ascii")).decode("ascii")


def _cursor_refused() -> ValidationError:
    return ValidationError({"cursor": ["This cursor was not issued by this API."]})
