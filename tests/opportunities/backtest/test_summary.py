"""The summary against figures worked out by hand from a few signals."""

from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from catalog.models import ContentsVersion
from opportunities.backtest.summary import summarise
from opportunities.models import Backtest, BacktestSignal
from tests.opportunities.backtest.world import FIRST, day, opened
from tests.pricing.factories import make_product, make_source

pytestmark = pytest.mark.django_db


def signal(backtest: Backtest, number: int, realised: str | None, **facts: object) -> BacktestSignal:
    values: dict[str, Any] = {
        "source": make_source(), "currency": "EUR", "total_cost": Decimal(50), "risk_level": "low",
        "expected_value": Decimal(60), "expected_profit": Decimal(10), "margin_percentage": Decimal(20),
        "confidence_score": Decimal("0.80"), "probability_of_profit": Decimal("0.9000"), "category": "mtg",
        "is_first": False, "product": make_product(sealed=True), **facts,
    }  # fmt: skip
    profit = None if realised is None else Decimal(realised)
    value = None if profit is None else profit + values["total_cost"]
    return BacktestSignal.objects.create(
        backtest=backtest, day=day(number), realised_profit=profit, realised_value=value, **values
    )


@pytest.fixture
def backtest() -> Backtest:
    backtest = opened(5)
    signal(backtest, 0, "12.00", is_first=True)
    signal(backtest, 1, "-3.00", is_first=True, probability_of_profit=Decimal("0.6000"))
    signal(backtest, 1, "6.00", risk_level="high")
    signal(backtest, 2, None)
    signal(
        backtest, 2, "100.00", currency="USD", source=make_source("tcgplayer"), total_cost=Decimal(400),
        is_first=True,
    )  # fmt: skip
    return backtest


def test_currencies_are_counted_apart(backtest):
    found = summarise(backtest, counts={"failed": 2})

    euro = found["currencies"]["EUR"]
    assert (euro["signals"], euro["first_signals"], euro["judged"], euro["hits"]) == (4, 2, 3, 2)
    assert (euro["total_profit"], euro["profit_per_signal"], euro["median_profit"]) == (
        "15.00", "5.00", "6.00",
    )  # fmt: skip
    assert (euro["hit_rate"], euro["expected_profit"], euro["return_on_cost"]) == (
        "0.6667", "30.00", "0.1000",
    )  # fmt: skip
    assert (euro["first_profit"], euro["first_hit_rate"], euro["profit_per_first_signal"]) == (
        "9.00", "0.5000", "4.50",
    )  # fmt: skip
    assert found["currencies"]["USD"]["total_profit"] == "100.00"
    assert found["left_out"] == {"failed": 2}


def test_splits_name_their_currency(backtest):
    found = summarise(backtest, counts={})

    risks = [(row["currency"], row["risk_level"], row["signals"]) for row in found["by_risk"]]
    sources = [(row["currency"], row["source"], row["signals"]) for row in found["by_source"]]
    assert risks == [("EUR", "high", 1), ("EUR", "low", 3), ("USD", "low", 1)]
    assert sources == [("EUR", "cardmarket", 4), ("USD", "tcgplayer", 1)]
    assert [(row["currency"], row["category"]) for row in found["by_category"]] == [
        ("EUR", "mtg"), ("USD", "mtg"),
    ]  # fmt: skip


def test_calibration_counts_judged_signals_only(backtest):
    found = summarise(backtest, counts={})

    bins = [(row["low"], row["count"], row["hits"], row["expected"]) for row in found["calibration"]]
    assert bins == [("0.6000", 1, 0, "0.6000"), ("0.9000", 3, 3, "0.9000")]
    assert found["brier"] == "0.0975"  # (0.36 + 3 x 0.01) / 4
    assert found["confidence_brier"] == "0.1900"  # (3 x 0.04 + 0.64) / 4


def test_days_show_what_the_signals_of_each_brought(backtest):
    found = summarise(backtest, counts={})

    assert [(row["day"], row["currency"], row["signals"], row["profit"]) for row in found["days"]] == [
        ("2026-11-01", "EUR", 1, "12.00"),
        ("2026-11-02", "EUR", 2, "3.00"),
        ("2026-11-03", "EUR", 1, None),
        ("2026-11-03", "USD", 1, "100.00"),
    ]


def test_nothing_found_is_no_division_by_zero():
    found = summarise(opened(1), counts={})

    assert (found["currencies"], found["brier"], found["days"]) == ({}, None, [])


def test_unjudged_signals_have_no_rates():
    backtest = opened(1)
    signal(backtest, 0, None)

    euro = summarise(backtest, counts={})["currencies"]["EUR"]

    assert (euro["hit_rate"], euro["profit_per_signal"], euro["total_profit"]) == (None, None, None)


def test_contents_corrected_since_the_first_day_are_counted(backtest):
    first, second = BacktestSignal.objects.filter(backtest=backtest)[:2]
    for row, version, age in ((first, 2, 1), (second, 1, 1), (second, 2, -30)):
        made = ContentsVersion.objects.create(
            product=row.product, version=version, source="staff", is_current=False, fingerprint=""
        )
        written = datetime.combine(FIRST, time(12), UTC) + timedelta(days=age)
        ContentsVersion.objects.filter(pk=made.pk).update(created_at=written)

    assert summarise(backtest, counts={})["contents"] == {"basis": "current", "changed_since": 1}
