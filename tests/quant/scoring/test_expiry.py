"""Until when an opportunity may be acted on."""

from datetime import UTC, datetime, timedelta

import pytest

from quant.scoring.expiry import expires_at, has_expired

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("price_age", "lasts"), [(0, 12), (12, 12), (13, 11), (23, 1), (24, None), (72, None)]
)
def test_end_is_the_earlier_of_lifetime_and_price_lifetime(price_age, lasts):
    end = expires_at(now=NOW, oldest_price_at=NOW - price_age * HOUR)

    assert end == (None if lasts is None else NOW + lasts * HOUR)


def test_lifetimes_are_arguments():
    end = expires_at(now=NOW, oldest_price_at=NOW - 60 * HOUR, lifetime=6 * HOUR, price_lifetime=72 * HOUR)

    assert end == NOW + 6 * HOUR


def test_expiry_is_inclusive():
    assert has_expired(now=NOW, expires_at=NOW)
    assert not has_expired(now=NOW - HOUR, expires_at=NOW)
    assert not has_expired(now=NOW, expires_at=None)


def test_times_need_a_zone():
    naive = NOW.replace(tzinfo=None)

    for now, oldest in ((naive, NOW), (NOW, naive)):
        with pytest.raises(ValueError, match="time zone"):
            expires_at(now=now, oldest_price_at=oldest)
