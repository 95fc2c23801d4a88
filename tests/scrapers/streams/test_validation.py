"""R001's rules, at their edges."""

from math import inf, nan
from typing import Any

import msgspec
import pytest

from quant.spreads.messages import Quote
from scrapers.streams.validation import flaw_of

from .messages import NOW, NOW_MS

GOOD = Quote("binance", "BTC/USDT", 100.5, 0.0, NOW_MS, 100.0, 101.0, 1.0, 2.0, NOW)


def changed(**fields: Any) -> Quote:
    return msgspec.structs.replace(GOOD, **fields)


@pytest.mark.parametrize(
    "quote",
    [
        GOOD,
        changed(timestamp=0),
        changed(timestamp=NOW_MS - 60_000),
        changed(timestamp=NOW_MS + 60_000),
        changed(bid_size=0.0),
    ],
)
def test_quote_within_the_rules_has_no_flaw(quote: Quote):
    assert flaw_of(quote) == ""


@pytest.mark.parametrize("value", [0.0, -1.0, nan, inf])
@pytest.mark.parametrize("name", ["price", "bid", "ask"])
def test_price_that_is_none_is_a_flaw(name: str, value: float):
    assert flaw_of(changed(**{name: value})) == "price"


@pytest.mark.parametrize("scale", [1e-15, 1e-300, 1e11, 1e200])
def test_price_that_no_table_could_hold_is_a_flaw(scale: float):
    assert flaw_of(changed(bid=GOOD.bid * scale, ask=GOOD.ask * scale)) == "price"


@pytest.mark.parametrize("value", [-0.1, nan, inf])
@pytest.mark.parametrize("name", ["volume", "bid_size", "ask_size"])
def test_size_that_is_none_is_a_flaw(name: str, value: float):
    assert flaw_of(changed(**{name: value})) == "size"


@pytest.mark.parametrize("bid", [101.0, 101.5])
def test_bid_not_below_the_ask_is_a_flaw(bid: float):
    assert flaw_of(changed(bid=bid)) == "crossed"


@pytest.mark.parametrize("timestamp", [NOW_MS - 60_001, NOW_MS + 60_001, NOW_MS // 1_000])
def test_time_beyond_a_minute_is_a_flaw(timestamp: int):
    assert flaw_of(changed(timestamp=timestamp)) == "skew"
