"""Cursor pages of a time series."""

from datetime import UTC, datetime, timedelta

import pytest
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.test import APIRequestFactory

from common.api.pagination import TimeCursor
from common.audit import NewEvent, record_event, record_events
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
    "cursor",
    [
        "nonsense", "cD0x", "%00", "_", "-", "*", "[]", "bz0x=", "o=1", "cj0y", "bz0wMQ==",
        "cj0xJnA9bm90LWEtdGltZQ==",  # not a time
        "eD0x",  # a name of its own
        "cD0yMDI2LTAyLTMwKzAwJTNBMDA=",  # no such day
    ],
)  # fmt: skip
def test_cursor_that_was_not_issued_here_is_refused(events, cursor):
    with pytest.raises(ValidationError, match="not issued by this API"):
        _page(f"cursor={cursor}")


def test_empty_cursor_is_the_first_page(events):
    assert _page("cursor=&page_size=2")[0] == events[:2]


def test_cursor_finds_its_way_through_very_many_rows_of_one_moment():
    record_events([NewEvent("a.b", f"a:{number}") for number in range(1_205)], actor=None, now=NOW)

    seen: list[str] = []
    query: str | None = "page_size=200"
    while query is not None and len(seen) <= 1_205:
        rows, link = _page(query)
        seen += rows
        query = None if link is None else link.partition("?")[2]

    assert len(seen) == len(set(seen)) == 1_205
