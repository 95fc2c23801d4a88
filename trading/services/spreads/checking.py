"""A spread judged again at the live quotes of now: both legs, for the whole quantity, net of everything."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any, Final, cast

from django.conf import settings

from opportunities.choices import LiveMarketKind
from opportunities.models import CrossVenueOpportunity
from pricing.quotebook import LiveQuote, quotes_of
from quant.money import InvalidAmount
from quant.spreads.net import NO_CUSHIONS, Cushions, NetSpread, VenueTerms, is_executable, net_spread
from scrapers.models import LiveMarket
from trading.brokers.desk import is_simulated
from trading.brokers.desk.book import PLACES, BookFill, fill_within, is_quote_fresh, levels_of
from trading.choices import OrderSide
from trading.selectors.spreads import units_taken

BPS: Final = Decimal(10_000)
_PERCENT: Final = Decimal(100)
_SHOWN_PERCENT: Final = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Leg:
    """One side of a spread at the live quotes.

    Args:
        quote: the venue's; None if it shows none.
        is_fresh: whether it may be acted on.
        terms: what trading there costs.
        market: as declared; None for a venue without a declaration.
        fill: what its book offers of the wanted quantity, without what is taken.
        taken: units of this quote that our own orders took already.
    """

    quote: LiveQuote | None
    is_fresh: bool
    terms: VenueTerms
    market: LiveMarket | None
    fill: BookFill
    taken: Decimal = Decimal(0)

    def as_data(self) -> dict[str, Any]:
        """Return the leg as JSON, decimals as strings."""
        quote = self.quote
        return {
            "venue": None if quote is None else quote.venue,
            "price": f"{self.fill.price:f}",
            "worst": f"{self.fill.worst:f}",
            "offered": f"{self.fill.quantity:f}",
            "taken": f"{self.taken:f}",
            "received_ms": None if quote is None else quote.received_ms,
            "venue_time_ms": None if quote is None else quote.venue_time_ms,
            "quote_id": "" if quote is None else quote.quote_id,
            "is_fresh": self.is_fresh,
            "fee_bps": f"{self.terms.fee_bps:f}",
            "slippage_bps": f"{self.terms.slippage_bps:f}",
            "fixed_fee": f"{self.terms.fixed_fee:f}",
        }


@dataclass(frozen=True, slots=True)
class SpreadCheck:
    """What re-validation found.

    Args:
        buy: where we buy.
        sell: where we sell.
        top: the gap for one unit at the best prices, which is what sightings show; None without prices.
        net: the gap for the quantity that both books offer; None where a leg has no price.
        is_executable: whether it pays by the threshold of its market.
        threshold_bps: which that is.
    """

    buy: Leg
    sell: Leg
    top: NetSpread | None
    net: NetSpread | None
    is_executable: bool
    threshold_bps: Decimal

    def as_data(self) -> dict[str, Any]:
        """Return it as JSON, decimals as strings."""
        figures: dict[str, Any] = {"threshold_bps": f"{self.threshold_bps:f}"}
        if self.net is not None:
            for name in ("cost", "proceeds", "cushion", "profit", "net_bps", "gross_bps", "fixed"):
                figures[name] = f"{getattr(self.net, name).quantize(PLACES):f}"
        return {"buy": self.buy.as_data(), "sell": self.sell.as_data(), **figures}


def check_spread(row: CrossVenueOpportunity, *, quantity: Decimal, now: datetime) -> SpreadCheck:
    """Judge a spread at the live quotes.

    Args:
        row: with instrument and venues.
        quantity: units, > 0.
        now: time that freshness is judged at.

    Raises:
        QuotesUnreadable: if nobody knows what holds now.
    """
    quotes = {quote.venue: quote for quote in quotes_of(row.instrument.symbol)}
    markets = markets_of(row)
    buy = _leg(row.buy_venue.code, OrderSide.BUY, quotes, markets, quantity, now)
    sell = _leg(row.sell_venue.code, OrderSide.SELL, quotes, markets, quantity, now)
    quantity = min(quantity, buy.fill.quantity, sell.fill.quantity)
    top = net = None
    if quantity > 0:
        cushions = _cushions(row.market)
        top = net_spread(buy.fill.best, sell.fill.best, buy.terms, sell.terms, cushions)
        net = net_spread(buy.fill.price, sell.fill.price, buy.terms, sell.terms, cushions).at(quantity)
    threshold = threshold_bps(row.market)
    return SpreadCheck(buy, sell, top, net, net is not None and _pays(net, row.market), threshold)


def markets_of(row: CrossVenueOpportunity) -> Mapping[str, LiveMarket]:
    """Return the declared markets of both venues by code."""
    rows = LiveMarket.objects.select_related("venue").filter(venue__in=(row.buy_venue, row.sell_venue))
    return {market.venue.code: market for market in rows}


def terms_of(code: str, market: LiveMarket | None) -> VenueTerms:
    """Return what trading at a venue costs: an exchange's taker fee, or what its market declares.

    A venue that is neither has no terms anybody declared; the gate refuses it.
    """
    exchange = settings.CRYPTO_EXCHANGES.get(code)
    if exchange is not None:
        return VenueTerms(fee_bps=cast("Decimal", exchange["taker_fee_bps"]))
    if market is None:
        return VenueTerms()
    try:
        return VenueTerms(market.fee_bps, market.slippage_bps, market.fixed_fee)
    except InvalidAmount:
        return VenueTerms(fee_bps=BPS - 1)  # terms that eat the price: nothing pays there


def threshold_bps(market: str) -> Decimal:
    """Return the least gap of a market: net for gift cards, gross for crypto (R001)."""
    if market == LiveMarketKind.GIFT_CARD:
        least: Decimal = settings.PROFIT_THRESHOLD_BPS
        return least
    percent: Decimal = settings.SPREAD_THRESHOLD_PCT
    return percent * _PERCENT


def worst_price(leg: Leg, *, side: str) -> Decimal:
    """Return the limit of an order: the last level it needs, worse by the slippage that was counted."""
    share = leg.terms.slippage_bps / BPS
    if side == OrderSide.BUY:
        return (leg.fill.worst * (1 + share)).quantize(PLACES, ROUND_FLOOR)
    return (leg.fill.worst * (1 - share)).quantize(PLACES, ROUND_CEILING)


def _pays(net: NetSpread, market: str) -> bool:
    if market == LiveMarketKind.GIFT_CARD:
        return is_executable(net, settings.PROFIT_THRESHOLD_BPS)
    percent = (net.gross_bps / _PERCENT).quantize(_SHOWN_PERCENT)
    return net.profit > 0 and percent > settings.SPREAD_THRESHOLD_PCT


def _cushions(market: str) -> Cushions:
    """Return R000's cushions; R001's signals know none."""
    if market != LiveMarketKind.GIFT_CARD:
        return NO_CUSHIONS
    return Cushions(fx_bps=settings.FX_SPREAD_BPS, network_bps=settings.NETWORK_FEE_BPS)


def _leg(
    code: str,
    side: OrderSide,
    quotes: Mapping[str, LiveQuote],
    markets: Mapping[str, LiveMarket],
    quantity: Decimal,
    now: datetime,
) -> Leg:
    quote, market = quotes.get(code), markets.get(code)
    is_fresh = quote is not None and is_quote_fresh(quote, now=now)
    levels = () if quote is None else levels_of(quote, side=side)
    taken = Decimal(0) if quote is None else taken_of(quote, side=side, market=market)
    fill = fill_within(levels, side=side, wanted=quantity, taken=taken)
    return Leg(quote, is_fresh, terms_of(code, market), market, fill, taken)


def taken_of(quote: LiveQuote, *, side: OrderSide, market: LiveMarket | None) -> Decimal:
    """Return what our own orders took of a quote that its venue cannot show yet, or never will."""
    return units_taken(quote, side=side, is_on_paper=market is None or not is_simulated(market))
