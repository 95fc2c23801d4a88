"""Samples of live quotes are kept for as long as was asked, and no longer."""

from datetime import timedelta
from decimal import Decimal

import pytest

from catalog.choices import InstrumentKind
from catalog.models import Instrument, Venue
from pricing.models import QuoteSample
from pricing.services import forget_quote_samples
from tests.pricing.factories import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _ten_days(settings):
    settings.QUOTE_RETENTION_DAYS = 10


def sample(*ages: timedelta) -> None:
    instrument, _ = Instrument.objects.get_or_create(
        symbol="BTC/USD", kind=InstrumentKind.CRYPTO, base="BTC", quote="USD"
    )
    venue, _ = Venue.objects.get_or_create(code="kraken", defaults={"name": "Kraken", "currency": "USD"})
    QuoteSample.objects.bulk_create(
        QuoteSample(instrument=instrument, venue=venue, bid=Decimal(1), ask=Decimal(2), received_at=NOW - age)
        for age in ages
    )


def test_only_what_is_older_goes():
    second = timedelta(seconds=1)
    sample(timedelta(days=10) - second, timedelta(days=10), timedelta(days=10) + second, timedelta(days=400))

    assert forget_quote_samples(now=NOW) == 2
    assert forget_quote_samples(now=NOW) == 0
    assert QuoteSample.objects.count() == 2


def test_many_go_in_batches_the_oldest_first():
    sample(*(timedelta(days=11, hours=hour) for hour in range(7)))

    assert forget_quote_samples(now=NOW, size=2, most=2) == 4
    assert {NOW - row.received_at for row in QuoteSample.objects.all()} == {
        timedelta(days=11, hours=hour) for hour in range(3)
    }
    assert forget_quote_samples(now=NOW, size=2) == 3
