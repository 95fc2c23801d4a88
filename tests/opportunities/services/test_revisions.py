import json
import threading
import time
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection, transaction

from common.events import STREAM_KEY
from common.redis import shared_redis
from opportunities.models import Opportunity, OpportunityQuote
from opportunities.services import AnalysisReport, dismiss_opportunity, expire_opportunity, expire_overdue
from opportunities.services.revisions import QUOTED
from tests.opportunities.factories import analyze, found, make_deck, price, price_deck
from tests.pricing.factories import NOW
from tests.trading.factories import make_fees

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
PERSON: dict[str, Any] = {"reason": "x", "actor": None, "now": LATER}


@pytest.fixture
def events(django_capture_on_commit_callbacks):
    """Return what dashboards hear while something is done."""
    shared_redis().delete(STREAM_KEY)

    def heard(action):
        before = shared_redis().xlen(STREAM_KEY)
        with django_capture_on_commit_callbacks(execute=True):
            action()
        entries: Any = shared_redis().xrange(STREAM_KEY)
        return [
            json.loads(fields[b"data"])
            for _, fields in entries[before:]
            if fields[b"topic"] == b"opportunity"
        ]

    yield heard
    shared_redis().delete(STREAM_KEY)


def quotes(row: Opportunity) -> list[tuple[int, Decimal]]:
    rows = OpportunityQuote.objects.filter(opportunity=row).order_by("revision")
    return list(rows.values_list("revision", "net_profit"))


def test_a_new_one_has_its_first_quote_and_is_announced(events):
    deck = make_deck()

    (event,) = events(analyze)

    row = found(deck)
    quote = OpportunityQuote.objects.get(opportunity=row)
    assert (row.revision, quote.revision, quote.recorded_at) == (1, 1, NOW)
    assert {name: getattr(quote, name) for name in QUOTED} == {name: getattr(row, name) for name in QUOTED}
    assert event == {
        "name": "opened", "id": str(row.pk), "product": str(deck.sealed.pk), "currency": "EUR",
        "margin_percentage": "26.66", "net_profit": "16.00", "risk_level": "high",
        "confidence_score": str(row.confidence_score), "revision": 1, "needs_review": False,
    }  # fmt: skip


def test_a_small_change_is_a_revision_though_no_audit_event(events):
    deck = make_deck()
    analyze()
    price(deck.sealed, "60.10", at=LATER)

    heard = events(lambda: analyze(now=LATER))

    assert quotes(found(deck)) == [(1, Decimal(16)), (2, Decimal("15.90"))]
    assert [(event["name"], event["revision"]) for event in heard] == [("updated", 2)]


def test_a_prolonged_lifetime_is_no_revision(events):
    deck = make_deck()
    analyze()

    heard = events(lambda: analyze(now=LATER))

    row = found(deck)
    assert row.expires_at == LATER + timedelta(hours=12)
    assert (quotes(row), heard) == ([(1, Decimal(16))], [])


@pytest.mark.parametrize(
    ("close", "name"),
    [
        (lambda row: expire_overdue(now=NOW + timedelta(days=2)), "expired"),
        (lambda row: expire_opportunity(opportunity_id=row.pk, **PERSON), "expired"),
        (lambda row: dismiss_opportunity(opportunity_id=row.pk, **PERSON), "cancelled"),
    ],
    ids=["overdue", "expired", "dismissed"],
)  # fmt: skip
def test_closing_is_a_revision(events, close, name: str):
    deck = make_deck()
    analyze()

    (event,) = events(lambda: close(found(deck)))

    assert quotes(found(deck)) == [(1, Decimal(16)), (2, Decimal(16))]
    assert (event["name"], event["revision"]) == (name, 2)


def test_opening_again_goes_on_counting(events):
    deck = make_deck()
    analyze()
    expire_opportunity(opportunity_id=found(deck).pk, reason="x", actor=None, now=LATER)
    price_deck(deck, at=LATER)

    (event,) = events(lambda: analyze(now=LATER))

    assert (event["name"], event["revision"], found(deck).revision) == ("reopened", 3, 3)
    assert len(quotes(found(deck))) == 3


@pytest.mark.django_db(transaction=True)
def test_what_is_dismissed_while_it_is_assessed_is_not_offered_again():
    make_fees()  # those of the migrations are gone where another test has flushed the database
    deck = make_deck()
    analyze()
    row = found(deck)
    reports: list[AnalysisReport] = []

    def assess():
        try:
            reports.append(analyze(now=LATER))
        finally:
            connection.close()

    worker = threading.Thread(target=assess)
    with transaction.atomic():
        dismiss_opportunity(opportunity_id=row.pk, **PERSON)
        worker.start()
        wait_until_blocked()
    worker.join(timeout=20)

    assert not worker.is_alive()
    row.refresh_from_db()
    assert (row.status, row.revision) == ("cancelled", 2)
    assert Opportunity.objects.count() == 1
    assert (len(reports), reports[0].outcomes["opened"]) == (1, 0)


def wait_until_blocked() -> None:
    """Wait until another session of this database waits for a lock."""
    for _ in range(1_000):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # else the sessions of the first look stay
            cursor.execute(
                "SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)"
                " WHERE NOT l.granted AND a.datname = current_database()"
            )
            if cursor.fetchone()[0]:
                return
        time.sleep(0.01)
    pytest.fail("nobody waited for the dismissal")
