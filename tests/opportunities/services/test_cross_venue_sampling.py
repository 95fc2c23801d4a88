from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from catalog.choices import VenueKind
from catalog.models import Instrument, Venue
from common.live import QUOTES_PREFIX, SYMBOLS_KEY
from common.redis import shared_redis
from opportunities.services.cross_venue_sampling import sample_quotes
from pricing.models import QuoteSample
from pricing.quotebook import CRYPTO, LiveQuote, QuotesUnreadable, queue_quotes
from tests.opportunities.sighting_factory import START

pytestmark = pytest.mark.django_db

SYMBOL = "crypto:SAMPLED/USDT"
NOW_MS = int(START.timestamp() * 1_000)


def put(venue: str = "okx", *, symbol: str = SYMBOL, received_ms: int = NOW_MS, **more: Any) -> None:
    values: dict[str, Any] = {
        "bid": Decimal("99.5"), "ask": Decimal(100), "bid_size": Decimal(1), "ask_size": None,
        "currency": "USDT", **more,
    }  # fmt: skip
    pipeline = shared_redis().pipeline()
    queue_quotes(
        pipeline,
        [
            LiveQuote(
                symbol=symbol,
                venue=venue,
                market=CRYPTO,
                venue_time_ms=None,
                received_ms=received_ms,
                **values,
            )
        ],
    )
    pipeline.execute()


@pytest.fixture(autouse=True)
def _clean() -> Iterator[None]:
    Venue.objects.create(code="okx", name="OKX", kind=VenueKind.EXCHANGE, currency="USD")
    shared_redis().delete(SYMBOLS_KEY, QUOTES_PREFIX + SYMBOL)
    yield
    shared_redis().delete(SYMBOLS_KEY, QUOTES_PREFIX + SYMBOL)


def test_fresh_quote_is_stored_once_per_receipt() -> None:
    put()

    assert sample_quotes(now=START) == 1
    assert sample_quotes(now=START + timedelta(seconds=1)) == 0

    sample = QuoteSample.objects.get()
    assert (sample.bid, sample.ask) == (Decimal("99.5"), Decimal(100))
    assert (sample.bid_size, sample.ask_size) == (Decimal(1), None)
    assert (sample.received_at, sample.instrument.symbol) == (START, SYMBOL)
    assert sample.instrument.kind == "crypto"


@pytest.mark.parametrize(
    "quote",
    [
        {"state": "stale"}, {"state": "withdrawn"}, {"received_ms": NOW_MS - 3_600_000},
        {"bid": None, "ask": None},
        {"ask": Decimal("1e13")}, {"venue": "unknown"}, {"bid": Decimal("1e-13")},
    ],
)  # fmt: skip
def test_unusable_quote_is_not_stored(quote: dict[str, Any]) -> None:
    put(**quote)

    assert sample_quotes(now=START) == 0
    assert not QuoteSample.objects.exists()


def test_impossible_symbol_stops_no_other() -> None:
    put(symbol="crypto:nothing")
    put()

    assert sample_quotes(now=START) == 1
    assert not Instrument.objects.filter(symbol="crypto:nothing").exists()
    shared_redis().delete(f"{QUOTES_PREFIX}crypto:nothing")


def test_redis_that_is_gone_is_said(settings: Any) -> None:
    settings.REDIS_URL = "unix:///nowhere/redis.sock"

    with pytest.raises(QuotesUnreadable):
        sample_quotes(now=START)
