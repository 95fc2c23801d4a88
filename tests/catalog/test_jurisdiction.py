"""Tests of `catalog.jurisdiction`: what is not allowed by name is not allowed."""

import pytest

from catalog.jurisdiction import gated_reason


@pytest.mark.parametrize(
    ("region", "currency", "told"),
    [
        ("US", "USD", ""),
        ("US-CA", "USD", ""),
        ("CA-QC", "USD", ""),
        ("CA", "USD", "Region CA is not in ALLOWED_REGIONS."),
        ("CA-ON", "USD", "Region CA-ON is not in ALLOWED_REGIONS."),
        ("GB", "USD", "Region GB is not in ALLOWED_REGIONS."),
        ("us", "USD", "Region us is not in ALLOWED_REGIONS."),
        ("", "USD", "Its region is unknown."),
        ("US", "EUR", "Currency EUR is not in ALLOWED_CURRENCIES."),
        ("US", "USDT", "Currency USDT is not in ALLOWED_CURRENCIES."),
        ("US", "", "Its currency is unknown."),
    ],
)
def test_a_country_lets_its_parts_in_and_nothing_else(region, currency, told):
    found = gated_reason(
        region=region, currency=currency, allowed_regions=("US", "CA-QC"), allowed_currencies=("USD",)
    )

    assert found == told


def test_empty_lists_allow_nothing():
    assert gated_reason(region="US", currency="USD", allowed_regions=(), allowed_currencies=("USD",))
    assert gated_reason(region="US", currency="USD", allowed_regions=("US",), allowed_currencies=())
