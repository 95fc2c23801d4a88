"""One route: buy a card at one desk, sell it at another. The arithmetic and the refusals, without memory."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from uuid import UUID

from opportunities.choices import SpreadFlag
from pricing.quotebook import LiveQuote, fresh_until_ms
from quant.spreads.net import NetSpread, is_executable, net_spread
from quant.spreads.reserve import loss_reserve
from quant.spreads.symbols import route_id

from .desk import Desk, Policy


@dataclass(frozen=True, slots=True)
class Route:
    """A route that pays, with the quotes it was found in.

    Args:
        buy: quote of the desk we buy from, at its ask.
        sell: quote of the desk we sell to, at its bid.
        buyer: terms of the first desk.
        seller: terms of the second.
        size: cards both desks offer, at most `Policy.max_cards`; None where one does not say.
        spread: the figures for `size` cards, or for one.
        reserve: what losses are expected to take of the profit of that many.
    """

    buy: LiveQuote
    sell: LiveQuote
    buyer: Desk
    seller: Desk
    size: Decimal | None
    spread: NetSpread
    reserve: Decimal

    @property
    def key(self) -> tuple[str, str, str]:
        """Return symbol, buying venue and selling venue."""
        return (self.buy.symbol, self.buy.venue, self.sell.venue)

    @property
    def id(self) -> UUID:
        """Return the id, the same in every process and at every time."""
        return route_id(*self.key)

    def expires_ms(self, *, max_age_ms: int) -> int:
        """Return until when both quotes are fresh, Unix milliseconds."""
        ends = (fresh_until_ms(quote, max_age_ms=max_age_ms) for quote in (self.buy, self.sell))
        return min(ends)

    def flags(self) -> list[str]:
        """Return what a person should know about it."""
        found = [SpreadFlag.LOSS_RESERVE.value] if self.reserve else []
        if self.size is None:
            found.append(SpreadFlag.SIZE_UNKNOWN.value)
        elif len(self.buy.asks) > 1 or len(self.sell.bids) > 1:
            found.append(SpreadFlag.TOP_ONLY.value)
        if self.buy.venue_time_ms is None or self.sell.venue_time_ms is None:
            found.append(SpreadFlag.NO_VENUE_TIME.value)
        return found


def routes_of(quotes: tuple[LiveQuote, ...], desks: dict[str, Desk], policy: Policy) -> Iterator[Route]:
    """Yield every route between two desks that pays, of quotes of one symbol.

    Args:
        quotes: fresh ones of one symbol; those of unknown desks do not take part.
        desks: those that may trade, by code.
        policy: the rules.
    """
    known = [quote for quote in quotes if quote.venue in desks]
    for buy in known:
        if buy.ask is None:
            continue
        for sell in known:
            if sell.bid is None or sell.venue == buy.venue:
                continue
            route = _route(buy, sell, desks, policy)
            if route is not None:
                yield route


def _route(buy: LiveQuote, sell: LiveQuote, desks: dict[str, Desk], policy: Policy) -> Route | None:
    if buy.ask is None or sell.bid is None or buy.symbol != sell.symbol or buy.currency != sell.currency:
        return None
    if abs(buy.received_ms - sell.received_ms) > policy.max_age_ms:
        return None
    size = _size(buy.ask_size, sell.bid_size, policy.max_cards)
    if size == 0:
        return None
    buyer, seller = desks[buy.venue], desks[sell.venue]
    if any(desk.terms.fixed_fee and desk.currency != buy.currency for desk in (buyer, seller)):
        return None  # the fee is in the desk's own currency, and nothing converts it
    spread = net_spread(buy.ask, sell.bid, buyer.terms, seller.terms, policy.cushions)
    if size is not None:
        spread = spread.at(size)
    if not is_executable(spread, policy.threshold_bps):
        return None
    reserve = loss_reserve(spread, policy.loss_rate, policy.recovery_rate)
    return Route(buy, sell, buyer, seller, size, spread, reserve)


def _size(offered: Decimal | None, wanted: Decimal | None, max_cards: int) -> Decimal | None:
    """Return how many whole cards one trade can move; None where a desk does not say how many it has."""
    if offered is None or wanted is None:
        return None
    return min(offered, wanted, Decimal(max_cards)).to_integral_value(rounding=ROUND_FLOOR)
