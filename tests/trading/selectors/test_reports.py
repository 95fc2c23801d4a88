"""Profit and calibration over executions, against figures worked out by hand."""

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import uuid4

import pytest

from opportunities.models import Opportunity
from tests.pricing.factories import make_source
from tests.trading.factories import make_box
from trading.models import Execution
from trading.selectors.calibration import execution_calibration
from trading.selectors.reports import ProfitGroup, profit_rows

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
NOVEMBER = {"from_day": date(2026, 11, 1), "to_day": date(2026, 12, 1)}


@pytest.fixture
def opportunity(db) -> Opportunity:
    return make_box().opportunity


def executed(
    opportunity: Opportunity, actor, expected: str, realised: str | None, *, at: datetime = MONDAY, **facts
) -> Execution:
    twin = Opportunity.objects.get(pk=opportunity.pk)
    twin.pk, twin.fingerprint, twin._state.adding = uuid4(), uuid4().hex, True
    twin.status = "executed"
    twin.save()
    values = {
        "opportunity": twin, "product": twin.sealed_product, "buy_source": twin.buy_source,
        "sell_source": twin.sell_source, "actor": actor, "quantity": 1, "currency": "EUR",
        "expected_cost": Decimal(60), "expected_proceeds": Decimal(60) + Decimal(expected),
        "expected_profit": Decimal(expected), "expected_margin_percentage": Decimal(20),
        "confidence_score": Decimal("0.80"), "probability_of_profit": Decimal("0.7500"),
        "risk_level": "low", "quote_version": "1", "created_at": at,
        "state": "bought" if realised is None else "settled",
        "realised_profit": None if realised is None else Decimal(realised), **facts,
    }  # fmt: skip
    return Execution.objects.create(**values)


def test_weeks_begin_on_monday_and_end_before_the_next(opportunity, tess):
    executed(opportunity, tess, "10", "12")
    executed(opportunity, tess, "20", "-5", at=datetime(2026, 11, 22, 23, 59, 59, tzinfo=UTC))
    executed(opportunity, tess, "30", None, at=datetime(2026, 11, 23, tzinfo=UTC))

    first, second = profit_rows(group=ProfitGroup.WEEK, **NOVEMBER)

    assert (first.key, first.label) == ("2026-11-16", "Week of 2026-11-16")
    assert (first.executions, first.settled, first.profitable) == (2, 2, 1)
    assert [first.expected_profit, first.realised_profit, first.expected_of_settled] == [30, 7, 30]
    assert (second.key, second.settled, second.realised_profit, second.expected_of_settled) == (
        "2026-11-23", 0, None, None,
    )  # fmt: skip


def test_currencies_are_never_added_up(opportunity, tess):
    executed(opportunity, tess, "10", "12")
    executed(opportunity, tess, "10", "9", currency="USD", buy_source=make_source("tcgplayer"))

    rows = profit_rows(group=ProfitGroup.CATEGORY, **NOVEMBER)

    assert [(row.key, row.label, row.currency, row.realised_profit) for row in rows] == [
        ("mtg", "Magic: The Gathering", "EUR", Decimal(12)),
        ("mtg", "Magic: The Gathering", "USD", Decimal(9)),
    ]  # fmt: skip


def test_groups_by_source_and_risk(opportunity, tess):
    executed(opportunity, tess, "10", "12")
    executed(opportunity, tess, "10", "9", buy_source=make_source("tcgplayer"), risk_level="high")

    sources = profit_rows(group=ProfitGroup.SOURCE, **NOVEMBER)
    risks = profit_rows(group=ProfitGroup.RISK_LEVEL, **NOVEMBER)

    assert [(row.key, row.executions) for row in sources] == [("cardmarket", 1), ("tcgplayer", 1)]
    assert [(row.key, row.label) for row in risks] == [("high", "High"), ("low", "Low")]


def test_cancelled_ones_and_other_months_are_not_counted(opportunity, tess):
    executed(opportunity, tess, "10", None, state="cancelled")
    executed(opportunity, tess, "10", "9", at=datetime(2026, 12, 1, tzinfo=UTC))

    assert profit_rows(group=ProfitGroup.WEEK, **NOVEMBER) == []


def test_calibration_counts_settled_executions(opportunity, tess):
    for realised in ("12", "3", "-1", None):
        executed(opportunity, tess, "10", realised)
    executed(opportunity, tess, "10", "1", probability_of_profit=None)
    executed(opportunity, tess, "10", "0.00", probability_of_profit=Decimal("0.1000"))

    found = execution_calibration()

    assert [(part.low, part.count, part.hits) for part in found.bins] == [
        (Decimal("0.1000"), 1, 0), (Decimal("0.7000"), 3, 2),
    ]  # fmt: skip
    # (2 x 0.0625 + 0.5625 + 0.01) / 4
    assert (found.brier, found.count) == (Decimal("0.1744"), 4)
