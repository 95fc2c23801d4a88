"""Routes across two venues with live quotes, for tests of executions of spreads."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from catalog.models import Instrument, Venue
from common.redis import shared_redis
from opportunities.models import CrossVenueOpportunity
from pricing.quotebook import LiveQuote, queue_quotes
from quant.spreads.symbols import crypto_symbol, gift_card_symbol, route_fingerprint, route_id
from scrapers.choices import LiveAdapter, MarketOrigin, MarketSide
from scrapers.models import LiveMarket
from trading.choices import LimitPeriod, LimitScope
from trading.models import ExposureLimit, SpreadExecution
from trading.services.spreads import SpreadRequest, drive_spread, execute_spread
from users.models import User

from .factories import NOW, at

_SIDES = {"buy": MarketSide.SELL, "sell": MarketSide.BUY}
"""Our side to the venue's: whoever sells to us, we buy from."""


def ms(moment: datetime) -> int:
    """Return a time as Unix milliseconds."""
    return int(moment.timestamp() * 1_000)


def make_spread_limits(*, currency: str = "USD", **amounts: str) -> None:
    """Make the limits of a currency; `user_day="100"` sets one, the others are far away."""
    wanted = {"global_open": "1000000", "user_day": "1000000", **amounts}
    for name, amount in wanted.items():
        scope, _, period = name.partition("_")
        ExposureLimit.objects.update_or_create(
            scope=LimitScope(scope), subject="", period=LimitPeriod(period), currency=currency,
            defaults={"amount": Decimal(amount), "is_active": True},
        )  # fmt: skip


def make_desk(
    code: str, *, side: MarketSide = MarketSide.BOTH, region: str = "US", **facts: Any
) -> LiveMarket:
    """Make a gift-card venue with its declared market, once."""
    venue, _ = Venue.objects.get_or_create(
        code=code, defaults={"name": code.title(), "kind": "giftcard", "region": region, "currency": "USD"}
    )
    wanted = {
        "code": code, "kind": "giftcard", "adapter": LiveAdapter.JSON, "side": side, "region": region,
        "origin": MarketOrigin.STAFF, "currency": "USD", **facts,
    }  # fmt: skip
    market, _ = LiveMarket.objects.update_or_create(venue=venue, defaults=wanted)
    return market


@dataclass
class Route:
    """A gift card of 50 USD: bought at `alpha` for 45.00, sold at `beta` for 47.00, no fees.

    `quotes` is what the venues show; `show` writes it to Redis.
    """

    opportunity: CrossVenueOpportunity
    quotes: dict[str, LiveQuote] = field(default_factory=dict)

    @property
    def symbol(self) -> str:
        """Return the route key."""
        return self.opportunity.instrument.symbol

    def show(self, venue: str, *, now: datetime = NOW, **facts: Any) -> None:
        """Let a venue show a quote, received at `now`; figures as text."""
        known = self.quotes.get(venue)
        before = {} if known is None else {name: getattr(known, name) for name in known.__slots__}
        prices = {
            name: Decimal(value) if isinstance(value, str) and name in _AMOUNTS else value
            for name, value in facts.items()
        }
        base = {
            "symbol": self.symbol, "venue": venue, "market": self.opportunity.market, "bid": None,
            "ask": None, "bid_size": None, "ask_size": None, "venue_time_ms": None,
            "currency": self.opportunity.currency,
        }  # fmt: skip
        quote = LiveQuote(**{**base, **before, "received_ms": ms(now), **prices})
        self.quotes[venue] = quote
        pipeline = shared_redis().pipeline(transaction=False)
        queue_quotes(pipeline, [quote])
        pipeline.execute()

    def refresh(self, *, now: datetime) -> None:
        """Let every venue show what it showed, received at `now`."""
        for venue in list(self.quotes):
            self.show(venue, now=now)


_AMOUNTS = frozenset({"bid", "ask", "bid_size", "ask_size"})


def make_route(
    *, now: datetime = NOW, ask: str = "45", bid: str = "47", size: str | None = "10", **facts: Any
) -> Route:
    """Make the route alpha → beta, found at `now`, with both quotes in Redis."""
    make_spread_limits()
    make_desk("alpha", side=MarketSide.SELL, **facts)
    make_desk("beta", side=MarketSide.BUY, **facts)
    symbol = gift_card_symbol("amazon", Decimal(50), "USD", "US")
    instrument, _ = Instrument.objects.get_or_create(
        symbol=symbol,
        defaults={
            "kind": "giftcard", "base": "amazon", "quote": "USD", "denomination": Decimal(50), "region": "US"
        },
    )  # fmt: skip
    route = Route(make_opportunity(instrument, "alpha", "beta", ask=ask, bid=bid, now=now))
    route.show("alpha", now=now, ask=ask, ask_size=size)
    route.show("beta", now=now, bid=bid, bid_size=size)
    return route


def make_crypto_route(
    *, now: datetime = NOW, ask: str = "45000", bid: str = "45900", size: str = "2"
) -> Route:
    """Make the route binance → kraken of BTC/USDT, found at `now`, with both quotes in Redis.

    Taker fees are 10 and 40 bps, so that a coin nets 671.40.
    """
    make_spread_limits(currency="USDT")
    for code in ("binance", "kraken"):
        Venue.objects.get_or_create(
            code=code, defaults={"name": code.title(), "kind": "exchange", "currency": "USD"}
        )
    instrument, _ = Instrument.objects.get_or_create(
        symbol=crypto_symbol("BTC/USDT"), defaults={"kind": "crypto", "base": "BTC", "quote": "USDT"}
    )
    net = {"net_profit": Decimal(bid) * Decimal("0.996") - Decimal(ask) * Decimal("1.001")}
    row = make_opportunity(instrument, "binance", "kraken", ask=ask, bid=bid, now=now, **net)
    route = Route(row)
    route.show("binance", now=now, ask=ask, ask_size=size)
    route.show("kraken", now=now, bid=bid, bid_size=size)
    return route


def make_opportunity(
    instrument: Instrument, buy: str, sell: str, *, ask: str, bid: str, now: datetime, **facts: Any
) -> CrossVenueOpportunity:
    """Make an open route without fees, as its last sighting left it."""
    price, sale = Decimal(ask), Decimal(bid)
    bps = (sale - price) / price * 10_000
    wanted = {
        "market": instrument.kind, "instrument": instrument, "currency": instrument.quote,
        "fingerprint": route_fingerprint(instrument.symbol, buy, sell),
        "buy_venue": Venue.objects.get(code=buy), "sell_venue": Venue.objects.get(code=sell),
        "buy_price": price, "sell_price": sale, "cost": price, "proceeds": sale, "cushion": 0,
        "gross_profit": sale - price, "net_profit": sale - price, "loss_reserve": 0,
        "expected_profit": sale - price, "gross_bps": bps, "net_bps": bps, "best_net_bps": bps,
        "threshold_bps": 50, "created_at": now, "opened_at": now, "last_seen_at": now, "expires_at": now,
        **facts,
    }  # fmt: skip
    row, _ = CrossVenueOpportunity.objects.update_or_create(
        id=route_id(instrument.symbol, buy, sell), defaults=wanted
    )
    return row


def spread_order(quantity: str = "2", **changes: Any) -> SpreadRequest:
    """Ask for some units."""
    return SpreadRequest(**{"quantity": Decimal(quantity), "accept_disclaimer": True, **changes})


def open_spread(
    route: Route, actor: User, quantity: str = "2", *, now: datetime = NOW, **changes: Any
) -> SpreadExecution:
    """Write an execution down at a standing clock, without sending anything."""
    return execute_spread(
        opportunity_id=route.opportunity.pk,
        actor=actor,
        order=spread_order(quantity, **changes),
        now=now,
        clock=at(now),
    )


def drive(execution: SpreadExecution, *, now: datetime = NOW, **how: Any) -> SpreadExecution:
    """Drive an execution at a standing clock."""
    return drive_spread(execution_id=execution.pk, fence=execution.fence, clock=at(now), **how)
