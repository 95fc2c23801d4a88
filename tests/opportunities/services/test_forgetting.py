from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from common.models import AuditEvent
from opportunities.models import Backtest, BacktestSignal, Opportunity, OpportunityQuote
from opportunities.services import dismiss_opportunity
from opportunities.services.forgetting import BACKTEST_RETENTION, forget_old_records, remove_in_batches
from opportunities.services.revisions import MAX_QUOTES, write_quotes
from tests.opportunities.alert_factories import make_rule
from tests.opportunities.factories import analyze, found, make_deck, price
from tests.pricing.factories import NOW, make_source, make_user

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
NOTHING = {"quotes": 0, "firings": 0, "backtests": 0}


@pytest.fixture
def row() -> Opportunity:
    """Return an opportunity at its second revision."""
    deck = make_deck()
    analyze()
    price(deck.sealed, "59.00", at=LATER)
    analyze(now=LATER)
    return found(deck)


def revisions(row: Opportunity) -> list[int]:
    return sorted(OpportunityQuote.objects.filter(opportunity=row).values_list("revision", flat=True))


def test_old_quotes_go_but_never_the_present_one(row: Opportunity, settings):
    settings.EXPIRED_RETENTION_DAYS = 90
    assert revisions(row) == [1, 2]

    assert forget_old_records(now=NOW + timedelta(days=90)) == NOTHING
    assert forget_old_records(now=NOW + timedelta(days=91)) == {**NOTHING, "quotes": 1}
    assert forget_old_records(now=NOW + timedelta(days=9_999)) == NOTHING
    assert revisions(row) == [2]


def test_a_market_that_moves_by_the_minute_keeps_so_many_quotes(row: Opportunity):
    for revision in range(3, MAX_QUOTES + 4):
        row.revision = revision
        write_quotes([row], now=LATER)

    assert (len(revisions(row)), revisions(row)[0], revisions(row)[-1]) == (MAX_QUOTES, 4, MAX_QUOTES + 3)


def test_rules_forget_what_never_opens_again(row: Opportunity, settings):
    settings.EXPIRED_RETENTION_DAYS = 90
    make_rule(make_user("alice"))  # takes note of it
    assert forget_old_records(now=NOW + timedelta(days=91))["firings"] == 0

    dismiss_opportunity(opportunity_id=row.pk, reason="x", actor=None, now=LATER)

    assert forget_old_records(now=LATER + timedelta(days=90))["firings"] == 0
    assert forget_old_records(now=LATER + timedelta(days=91))["firings"] == 1


def test_back_tests_go_a_year_after_they_were_made(row: Opportunity):
    facts: dict[str, Any] = {"from_day": date(2026, 1, 1), "to_day": date(2026, 1, 2), "created_at": NOW}
    old, running = (Backtest.objects.create(state=state, **facts) for state in ("succeeded", "running"))
    for backtest in (old, running):
        BacktestSignal.objects.create(
            backtest=backtest, day=date(2026, 1, 1), product=row.sealed_product, source=make_source(),
            currency="EUR", total_cost=Decimal(1), expected_value=Decimal(2), expected_profit=Decimal(1),
            margin_percentage=Decimal(100), confidence_score=Decimal("0.5"), risk_level="low",
            category="mtg", is_first=True,
        )  # fmt: skip

    assert forget_old_records(now=NOW + BACKTEST_RETENTION)["backtests"] == 0
    assert forget_old_records(now=NOW + BACKTEST_RETENTION + timedelta(days=1))["backtests"] == 1
    assert list(Backtest.objects.all()) == [running]
    assert BacktestSignal.objects.get().backtest == running
    assert AuditEvent.objects.get(verb="backtest.removed").subject == f"backtest:{old.pk}"


def test_batches_leave_nothing_behind(row: Opportunity):
    assert remove_in_batches(OpportunityQuote.objects.order_by("revision"), size=1) == 2
    assert revisions(row) == []
