"""What every execution of a spread must pass, in this order; the first refusal is the answer."""

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any, Final

from django.conf import settings

from catalog.jurisdiction import gated_reason
from opportunities.choices import CrossVenueState, LiveMarketKind, SpreadFlag
from trading.errors import (
    DisclaimerNotAccepted,
    FiguresMoved,
    LimitExceeded,
    NotEnoughOffered,
    QuantityInvalid,
    RouteGated,
    SpreadGone,
    StaleQuote,
)

from .checking import SpreadCheck
from .request import SpreadTrade

Control = Callable[[SpreadTrade], None]

_NOT_EXECUTABLE: Final = {
    SpreadFlag.BASIS_RISK.value: "It takes USD and USDT for the same: to look at, not to act on.",
    SpreadFlag.CONVERTED.value: "One leg is in another asset, which two orders cannot carry out.",
    SpreadFlag.TRIANGULAR.value: "It takes three orders, which this desk does not carry out.",
}


def disclaimer_accepted(trade: SpreadTrade) -> None:
    """The trader accepted the disclaimer."""
    if not trade.order.accept_disclaimer:
        raise DisclaimerNotAccepted(detail="Accept the disclaimer to act.")


def quantity_sound(trade: SpreadTrade) -> None:
    """Gift cards are bought whole, and only so many at once."""
    quantity = trade.order.quantity
    if trade.opportunity.market != LiveMarketKind.GIFT_CARD:
        return
    if quantity != quantity.to_integral_value():
        raise QuantityInvalid(
            detail="Gift cards are bought whole.", details={"quantity": f"{quantity.normalize():f}"}
        )
    most: int = settings.MAX_CARDS_PER_TRADE
    if quantity > most:
        raise LimitExceeded(
            detail=f"At most {most} cards per trade.",
            details={"limit": {"scope": "trade"}, "used": f"{quantity:f}", "ceiling": str(most)},
        )


def route_allowed(trade: SpreadTrade) -> None:
    """Region, currency and both venues are allowed here; what is not known is not allowed."""
    row = trade.opportunity
    for flag, why in _NOT_EXECUTABLE.items():
        if flag in row.flags:
            raise _gated(trade, flag, why)
    for venue in (row.buy_venue, row.sell_venue):
        if not venue.is_enabled:
            raise _gated(trade, "venue_disabled", f"{venue.name} is switched off.")
    if row.currency != row.instrument.quote:
        raise _gated(trade, "currency", f"The prices are in {row.currency}, not {row.instrument.quote}.")
    if row.market != LiveMarketKind.GIFT_CARD:
        return
    _refuse_if_gated(trade, region=row.instrument.region, currency=row.currency)


def still_open(trade: SpreadTrade) -> None:
    """The gap is there, by the last sighting."""
    if trade.opportunity.state != CrossVenueState.OPEN:
        raise SpreadGone(
            detail="This gap is closed.",
            details={"id": str(trade.opportunity.pk), "reason": trade.opportunity.closed_reason},
        )


def venues_allowed(trade: SpreadTrade) -> None:
    """Both venues are declared, switched on, and in an allowed region with an allowed currency."""
    row, check = trade.opportunity, _check(trade)
    for venue, leg in ((row.buy_venue, check.buy), (row.sell_venue, check.sell)):
        market = leg.market
        if market is None:
            if venue.code not in settings.CRYPTO_EXCHANGES or row.market == LiveMarketKind.GIFT_CARD:
                raise _gated(trade, "venue_unknown", f"Nobody declared a market of {venue.name}.")
            continue
        if not market.is_enabled:
            raise _gated(trade, "venue_disabled", f"{venue.name} is switched off.")
        if row.market == LiveMarketKind.GIFT_CARD:
            _refuse_if_gated(trade, region=market.region, currency=market.currency)


def quotes_fresh(trade: SpreadTrade) -> None:
    """Both venues show a fresh price, in the currency of the route, received close to each other."""
    row, check = trade.opportunity, _check(trade)
    for venue, leg in ((row.buy_venue, check.buy), (row.sell_venue, check.sell)):
        if leg.quote is None or not leg.is_fresh:
            received = None if leg.quote is None else leg.quote.received_ms
            raise StaleQuote(
                detail=f"{venue.name} shows no fresh price.",
                details={"venue": venue.code, "received_ms": received},
            )
        if leg.quote.currency and leg.quote.currency != row.currency:
            raise _gated(trade, "currency", f"{venue.name} quotes in {leg.quote.currency} now.")


def enough_offered(trade: SpreadTrade) -> None:
    """Both venues take the whole quantity on top of what we took of these quotes, as far as they tell."""
    row, check, wanted = trade.opportunity, _check(trade), trade.order.quantity
    for venue, leg in ((row.buy_venue, check.buy), (row.sell_venue, check.sell)):
        if leg.fill.quantity <= 0 and not leg.taken:
            raise _gone(trade, f"{venue.name} offers nothing any more.")
        if leg.fill.quantity < wanted:
            raise NotEnoughOffered(
                detail=f"{venue.name} takes {_text(leg.fill.quantity)}, {_text(wanted)} are wanted.",
                details={
                    "venue": venue.code, "offered": _text(leg.fill.quantity), "taken": _text(leg.taken),
                    "quantity": _text(wanted),
                },
            )  # fmt: skip


def still_pays(trade: SpreadTrade) -> None:
    """It is above the threshold and profitable, for the whole quantity, at the prices of now."""
    check = _check(trade)
    if not check.is_executable:
        net = "unknown" if check.net is None else _text(check.net.net_bps.quantize(Decimal("0.01")))
        raise _gone(trade, f"It pays {net} bps net now, below the threshold {_text(check.threshold_bps)}.")


def own_limits_kept(trade: SpreadTrade) -> None:
    """The trader's own limits hold."""
    order, check = trade.order, _check(trade)
    if order.max_buy_price is not None and check.buy.fill.worst > order.max_buy_price:
        raise _moved(trade, "own_buy_limit", f"Buying costs {_text(check.buy.fill.worst)} now.")
    if order.min_sell_price is not None and check.sell.fill.worst < order.min_sell_price:
        raise _moved(trade, "own_sell_limit", f"Selling brings {_text(check.sell.fill.worst)} now.")
    if order.min_net_bps is not None and check.net is not None and check.net.net_bps < order.min_net_bps:
        text = f"It pays {_text(check.net.net_bps.quantize(Decimal('0.01')))} bps net now."
        raise _moved(trade, "own_net_limit", text)


def drift_allowed(trade: SpreadTrade) -> None:
    """Cost and profit of a unit did not get much worse than what was shown."""
    top = _check(trade).top
    if top is None:
        raise _gone(trade, "A leg has no price.")
    cost, shown_cost = top.cost, Decimal(trade.shown["cost"])
    if cost > shown_cost * (1 + settings.EXECUTION_MAX_COST_DRIFT):
        raise _moved(trade, "cost_rose", f"The cost rose from {_text(shown_cost)} to {_text(cost)}.")
    profit, shown = top.profit, Decimal(trade.shown["net_profit"])
    if profit < shown - abs(shown) * settings.EXECUTION_MAX_PROFIT_DRIFT:
        raise _moved(trade, "profit_fell", f"The profit fell from {_text(shown)} to {_text(profit)}.")


REQUEST_CONTROLS: Final[Sequence[Control]] = (
    disclaimer_accepted, quantity_sound, route_allowed, still_open,
)  # fmt: skip
"""Asked before the quotes are read."""

FIGURE_CONTROLS: Final[Sequence[Control]] = (
    venues_allowed, quotes_fresh, enough_offered, own_limits_kept, still_pays, drift_allowed,
)  # fmt: skip
"""Asked about the quotes of now."""


def run_spread_controls(controls: Sequence[Control], trade: SpreadTrade) -> list[str]:
    """Ask controls in order.

    Returns:
        The names of those that passed, for the record.

    Raises:
        TradingRefused: of the first that refuses.
    """
    for control in controls:
        control(trade)
    return [control.__name__ for control in controls]


def _check(trade: SpreadTrade) -> SpreadCheck:
    if trade.check is None:
        raise AssertionError("a control of figures was asked before there were any")
    return trade.check


def _text(number: Decimal) -> str:
    return f"{number.quantize(Decimal('0.000001')).normalize():f}"


def _facts(trade: SpreadTrade, code: str, detail: str) -> dict[str, Any]:
    return {
        "shown": trade.shown,
        "fresh": None if trade.check is None else trade.check.as_data(),
        "reasons": [{"code": code, "detail": detail}],
    }


def _gone(trade: SpreadTrade, detail: str) -> SpreadGone:
    return SpreadGone(detail=detail, details=_facts(trade, "gone", detail))


def _moved(trade: SpreadTrade, code: str, detail: str) -> FiguresMoved:
    return FiguresMoved(detail=detail, details=_facts(trade, code, detail))


def _refuse_if_gated(trade: SpreadTrade, *, region: str, currency: str) -> None:
    reason = gated_reason(
        region=region,
        currency=currency,
        allowed_regions=settings.ALLOWED_REGIONS,
        allowed_currencies=settings.ALLOWED_CURRENCIES,
    )
    if reason:
        raise _gated(trade, "jurisdiction", reason)


def _gated(trade: SpreadTrade, code: str, detail: str) -> RouteGated:
    return RouteGated(detail=detail, details={"id": str(trade.opportunity.pk), "reason": code})
