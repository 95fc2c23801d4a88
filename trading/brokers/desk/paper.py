"""The desk broker that moves no money: it fills against the live quotes and never leaves this process."""

from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import ROUND_DOWN, Decimal
from typing import Final, Protocol

from pricing.quotebook import LiveQuote, QuotesUnreadable, quotes_of
from trading.selectors.spreads import units_taken

from .base import LegInstruction, LegOutcome, LegReport
from .book import fill_within, is_quote_fresh, levels_of

Quotes = Callable[[str], Sequence[LiveQuote]]


class Taken(Protocol):
    """Tells what our own orders took of a quote already."""

    def __call__(self, quote: LiveQuote, *, side: str, but: str) -> Decimal:
        """Return units; the order `but` does not count."""
        ...


_BPS: Final = Decimal(10_000)


class PaperDeskBroker:
    """A `DeskBroker` for practice: what the venue's book offers within the limit is what is filled.

    The venue never hears of it and goes on offering what was taken, so one quote is filled once: what our
    other orders took of it is gone.

    Its fills exist nowhere but in our own commit. So an order without one was never carried out, and
    `find` can say so for certain.
    """

    def __init__(self, quotes: Quotes = quotes_of, taken: Taken = units_taken) -> None:
        self._quotes, self._taken = quotes, taken

    def send(self, order: LegInstruction, *, now: datetime) -> LegReport:
        """Fill what the live book of the venue offers within the limit, now."""
        try:
            quotes = self._quotes(order.symbol)
        except QuotesUnreadable:
            return LegReport(LegOutcome.NOT_SENT, reason="The live quotes cannot be read.")
        quote = next((each for each in quotes if each.venue == order.venue), None)
        if quote is None or not is_quote_fresh(quote, now=now):
            return LegReport(LegOutcome.REJECTED, reason="The venue shows no fresh price.")
        fill = fill_within(
            levels_of(quote, side=order.side),
            side=order.side,
            wanted=order.quantity,
            limit=order.limit_price,
            taken=self._taken(quote, side=order.side, but=order.client_order_id),
        )
        quantity = fill.quantity.quantize(Decimal(1), ROUND_DOWN) if order.is_whole else fill.quantity
        if quantity <= 0:
            return LegReport(LegOutcome.REJECTED, reason="The price moved beyond the limit.")
        return LegReport(
            outcome=LegOutcome.FILLED if quantity == order.quantity else LegOutcome.PARTIAL,
            venue_order_id=f"paper:{order.client_order_id}",
            quantity=quantity,
            price=fill.price,
            fees=quantity * fill.price * order.fee_bps / _BPS + order.fixed_fee,
        )

    def find(self, order: LegInstruction, *, now: datetime) -> LegReport:
        """Say that nothing happened: what was filled would be in our own records."""
        return LegReport(LegOutcome.NOT_SENT, reason="Nothing was sent: the order was on paper only.")
