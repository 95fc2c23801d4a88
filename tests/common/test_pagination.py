"""Cursor pages of a time series."""

from datetime import UTC, datetime, timedelta

import pytest
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from common.api.pagination import TimeCursor
from common.audit import record_event
from common.models import AuditEvent

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def events() -> list[str]:
    """Seven events, newest first; three of them at the same moment."""
    moments = [NOW - timedelta(minutes=max(0, number - 3)) for number in range(7)]
    rows = [record_event(actor=None, verb="a.b", subject="a:1", data={}, now=moment) for moment in moments]
    return [str(row.id) for row in sorted(rows, key=lambda row: (row.recorded_at, row.id), reverse=True)]


def _page(query: str) -> tuple[list[str], str | None]:
    paginator = TimeCursor()
    request = Request(APIRequestFactory().get(f"/events/?{query}"))
    rows = paginator.paginate_queryset(AuditEvent.objects.all(), request)
    return [str(row.id) for row in rows], paginator.get_next_link()


@pytest.mark.parametrize("size", [1, 2, 3, 7, 200])
def test_following_the_cursor_visits_every_row_once_in_order(events, size):
    seen: list[str] = []
    query: str | None = f"page_size={size}"
    while query is not None:
        rows, link = _page(query)
        seen += rows
        query = None if link is None else link.partition("?")[2]

    assert seen == events


@pytest.mark.parametrize(
    "cursor", ["nonsense", "cD0x", "%00", "bz05OTk5OTk5OTk5OTk5OTk5OTk=", "cj0xJnA9bm90LWEtdGltZQ=="]
)
def test_cursor_that_was_not_issued_here_is_refused_or_harmless(events, cursor):
    from django.core.exceptions import ValidationError as DjangoValidationError

    try:
        rows, _ = _page(f"cursor={cursor}")
    except (ValidationError, DjangoValidationError):
        return
    assert len(rows) <= 7
