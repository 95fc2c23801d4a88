"""What becomes of units that were bought and could not be sold where they were meant to be.

The policy, in this order:

1. The best fresh bid of any venue in the book (the one bought at included) that may be traded with, was not
   tried in vain yet, and whose net proceeds lose at most `UNWIND_MAX_LOSS_BPS` of what the units cost gets a
   new order, with its own id written down first. At most `MAX_ATTEMPTS` such orders.
2. Without such a bid the rest is held: written off in the ledger at once, so that the loss is shown as
   realised (state unwound). Selling it later, by hand, is new business.

Quotes that cannot be read are waited for: nothing is written off because a cache is away.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final

from django.conf import settings

from catalog.models import Venue
from opportunities.choices import LiveMarketKind
from pricing.quotebook import LiveQuote, QuotesUnreadable, quotes_of
from quant.spreads.net import VenueTerms
from scrapers.models import LiveMarket
from scrapers.selectors.markets import gate_of
from trading.brokers.desk.book import PLACES, fill_within, is_quote_fresh, levels_of
from trading.choices import LegState, OrderSide, SpreadState
from trading.models import LegFill, LegOrder, SpreadExecution

from .announcing import record_spread
from .checking import BPS, taken_of, terms_of
from .closing import close_spread
from .executing import client_order_id
from .outcomes import pause
from .steps import FIRST_UNWINDING, Step

MAX_ATTEMPTS: Final = 3


def unwind(execution: SpreadExecution, legs: Sequence[LegOrder], step: Step, now: datetime) -> bool:
    """Write the next order that unwinds down, or end with what is left held; the caller commits.

    Returns:
        Whether there is an order to send now.
    """
    attempts = sum(leg.position >= FIRST_UNWINDING for leg in legs)
    if attempts >= MAX_ATTEMPTS:
        _hold(execution, step.quantity, now)
        return False
    try:
        found = _next_buyer(execution, legs, step.quantity, now)
    except QuotesUnreadable as error:
        _wait(execution, error.detail, now)
        return False
    if found is None:
        _hold(execution, step.quantity, now)
        return False
    venue, limit, quote = found
    position = max(leg.position for leg in legs) + 1
    LegOrder.objects.create(
        execution=execution,
        position=position,
        side=OrderSide.SELL,
        venue=venue,
        client_order_id=client_order_id(execution, position),
        quantity=step.quantity,
        limit_price=limit,
        quote_id=quote.quote_id[:120],
        created_at=now,
    )
    execution.state = SpreadState.UNWINDING
    execution.save(update_fields=["state"])
    facts = {"leg": position, "venue": venue.code, "left": f"{step.quantity.normalize():f}"}
    record_spread(execution, "unwinding", actor=None, now=now, facts=facts)
    return True


def _next_buyer(
    execution: SpreadExecution, legs: Sequence[LegOrder], left: Decimal, now: datetime
) -> tuple[Venue, Decimal, LiveQuote] | None:
    """Return the venue that nets the most for what is left, above the floor, with the limit of its order."""
    floor = _unit_cost(execution) * (1 - settings.UNWIND_MAX_LOSS_BPS / BPS)
    quotes = {
        quote.venue: quote
        for quote in quotes_of(execution.opportunity.instrument.symbol)
        if quote.bid is not None
        and quote.venue not in _tried(legs)
        and quote.currency in ("", execution.currency)
        and is_quote_fresh(quote, now=now)
    }
    venues = {venue.code: venue for venue in Venue.objects.filter(code__in=quotes, is_enabled=True)}
    markets = {
        market.venue_id: market for market in LiveMarket.objects.filter(venue__in=list(venues.values()))
    }
    best: tuple[Decimal, Venue, Decimal, LiveQuote] | None = None
    for code, venue in sorted(venues.items()):
        market = markets.get(venue.pk)
        if not _may_buy(execution, code, market):
            continue
        terms = terms_of(code, market)
        taken = taken_of(quotes[code], side=OrderSide.SELL, market=market)
        levels = levels_of(quotes[code], side=OrderSide.SELL)
        fill = fill_within(levels, side=OrderSide.SELL, wanted=left, taken=taken)
        least = _least_price(floor, terms, left)
        net = fill.worst * terms.sell_factor
        if fill.quantity > 0 and fill.worst >= least and (best is None or net > best[0]):
            best = (net, venue, max(least, _slipped(fill.worst, terms)), quotes[code])
    return None if best is None else best[1:]


def _may_buy(execution: SpreadExecution, code: str, market: LiveMarket | None) -> bool:
    """Tell whether a venue may be sold to: declared, switched on, and where and in what money is allowed."""
    is_card = execution.opportunity.market == LiveMarketKind.GIFT_CARD
    if market is None:
        return code in settings.CRYPTO_EXCHANGES and not is_card
    return market.is_enabled and not (is_card and gate_of(market))


def _tried(legs: Sequence[LegOrder]) -> set[str]:
    """Return the venues that were asked in vain; one that an order never reached may be asked again."""
    return {
        leg.venue.code
        for leg in legs
        if leg.side == OrderSide.SELL and (leg.state != LegState.VOID or leg.sent_at is not None)
    }


def _unit_cost(execution: SpreadExecution) -> Decimal:
    fills = LegFill.objects.filter(leg__execution=execution, leg__side=OrderSide.BUY)
    paid = sum((fill.quantity * fill.price + fill.fees for fill in fills), Decimal(0))
    return paid / sum((fill.quantity for fill in fills), Decimal(0))


def _least_price(floor: Decimal, terms: VenueTerms, left: Decimal) -> Decimal:
    """Return the lowest bid that nets the floor per unit at a venue."""
    factor = 1 - terms.fee_bps / BPS
    return ((floor + terms.fixed_fee / left) / factor).quantize(PLACES)


def _slipped(price: Decimal, terms: VenueTerms) -> Decimal:
    return (price * (1 - terms.slippage_bps / BPS)).quantize(PLACES)


def _wait(execution: SpreadExecution, reason: str, now: datetime) -> None:
    execution.state, execution.reason = SpreadState.UNWINDING, reason[:200]
    execution.due_at = now + pause(0)
    execution.save(update_fields=["state", "reason", "due_at"])


def _hold(execution: SpreadExecution, left: Decimal, now: datetime) -> None:
    text = f"{left.normalize():f} could not be sold for an acceptable price and are held, written off."
    close_spread(execution, SpreadState.UNWOUND, text, now=now)
