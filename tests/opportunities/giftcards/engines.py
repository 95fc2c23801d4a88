"""Engines with desks and their quotes, for tests of what crosses."""

from decimal import Decimal
from typing import Any

from opportunities.giftcards import Desk, Engine, News, Policy
from pricing.quotebook import GIFT_CARD, LiveQuote
from quant.spreads.net import VenueTerms

NOW = 1_790_000_000_000
SYMBOL = "giftcard:amazon:50:USD:US"
POLICY = Policy(threshold_bps=Decimal(50), max_age_ms=15_000, max_skew_ms=2_000)
VENUES = ("alpha", "beta", "gamma")


def desk(code: str, *, fee: Any = 0, slippage: Any = 0, fixed: Any = 0, **more: Any) -> Desk:
    terms = VenueTerms(Decimal(str(fee)), Decimal(str(slippage)), Decimal(str(fixed)))
    return Desk(code, **{"region": "US", "currency": "USD", "terms": terms, **more})


def quote(venue: str, *, bid: Any = None, ask: Any = None, size: Any = 5, **more: Any) -> LiveQuote:
    facts: dict[str, Any] = {
        "symbol": SYMBOL, "venue": venue, "market": GIFT_CARD, "venue_time_ms": NOW, "received_ms": NOW,
        "currency": "USD", "bid_size": None if size is None else Decimal(size),
        "ask_size": None if size is None else Decimal(size), **more,
    }  # fmt: skip
    return LiveQuote(
        bid=None if bid is None else Decimal(str(bid)),
        ask=None if ask is None else Decimal(str(ask)),
        **facts,
    )


def make_engine(*desks: Desk, policy: Policy = POLICY) -> Engine:
    engine = Engine(policy)
    engine.set_desks(desks or [desk(code) for code in VENUES])
    return engine


def told(engine: Engine, *quotes: LiveQuote, now: int = NOW) -> News:
    """Give each desk its list and return the news."""
    for venue in dict.fromkeys(one.venue for one in quotes):
        engine.apply(venue, [one for one in quotes if one.venue == venue])
    return engine.news(now_ms=now)


def events(news: News) -> list[tuple[str, str, str, str]]:
    return [(one["event"], one["buy_venue"], one["sell_venue"], one["reason"]) for one in news.sightings]


OPEN = (quote("alpha", ask="45.00"), quote("beta", bid="47.00"))


def opened(policy: Policy = POLICY) -> Engine:
    """Return an engine that told one open route."""
    engine = make_engine(policy=policy)
    assert events(told(engine, *OPEN)) == [("open", "alpha", "beta", "")]
    return engine
