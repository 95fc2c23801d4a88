from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from common.models import AuditEvent
from pricing.errors import FxRateRefused
from pricing.models import FxRate
from pricing.rates import NewRate
from pricing.selectors import fx_table
from pricing.services import record_fx_rates
from quant.fx import RateMissing, RateStale
from quant.money import Money
from tests.pricing.factories import NOW

pytestmark = pytest.mark.django_db
RATE = NewRate("EUR", "USD", Decimal("1.0861"), Decimal("1.0866"), "ecb", NOW - timedelta(hours=4))


def test_rates_are_stored_once():
    first = record_fx_rates([RATE, RATE], actor=None, now=NOW)
    again = record_fx_rates([RATE], actor=None, now=NOW)

    assert (first.stored, first.known) == (1, 1)
    assert (again.stored, again.known) == (0, 1)
    assert AuditEvent.objects.filter(verb="fx_rates.recorded").count() == 1


@pytest.mark.parametrize(
    "values",
    [
        {"base": "XXQ"},
        {"quote": "EUR"},
        {"bid": Decimal(0)},
        {"bid": Decimal("NaN")},
        {"ask": Decimal("Infinity")},
        {"ask": Decimal("1.08")},
        {"ask": Decimal("2.0")},
        {"observed_at": NOW + timedelta(minutes=1)},
        {"observed_at": datetime(2026, 11, 1)},  # noqa: DTZ001 - the refused thing itself
    ],
)
def test_one_rate_that_cannot_be_meant_refuses_all(values: dict[str, object]):
    with pytest.raises(FxRateRefused):
        record_fx_rates([RATE, replace(RATE, **values)], actor=None, now=NOW)  # type: ignore[arg-type]

    assert not FxRate.objects.exists()


def test_table_sells_at_the_newest_bid_and_buys_at_the_newest_ask():
    old = replace(RATE, bid=Decimal("1.01"), ask=Decimal("1.02"), observed_at=NOW - timedelta(hours=9))
    record_fx_rates([RATE, old], actor=None, now=NOW)

    table = fx_table(NOW)

    assert table.convert(Money(Decimal(100), "EUR"), "USD") == Money(Decimal("108.61"), "USD")
    assert table.convert(Money(Decimal("108.66"), "USD"), "EUR") == Money(Decimal("100.00"), "EUR")


def test_a_rate_of_later_is_not_known_yet():
    record_fx_rates([RATE], actor=None, now=NOW)

    with pytest.raises(RateMissing):
        fx_table(NOW - timedelta(hours=5)).convert(Money(Decimal(1), "EUR"), "USD")


def test_an_old_rate_is_refused_when_it_is_needed():
    record_fx_rates([RATE], actor=None, now=NOW)

    with pytest.raises(RateStale):
        fx_table(NOW + timedelta(days=3)).convert(Money(Decimal(1), "EUR"), "USD")


def test_table_takes_one_statement(django_assert_num_queries):
    record_fx_rates([RATE, replace(RATE, base="GBP")], actor=None, now=NOW)

    with django_assert_num_queries(1):
        fx_table(NOW)
