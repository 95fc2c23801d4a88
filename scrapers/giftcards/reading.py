"""What one answer of a market came to: its quotes, and what was refused and why."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from pricing.quotebook import GIFT_CARD, LiveQuote
from quant.spreads.symbols import gift_card_symbol
from scrapers.choices import MarketSide

SELL: Final = MarketSide.SELL
BUY: Final = MarketSide.BUY


@dataclass(frozen=True, slots=True)
class CardQuote:
    """One price of one card at one market, checked.

    Args:
        brand: slug.
        denomination: face value, > 0.
        currency: of face value and price.
        region: ISO 3166 code of where the card can be redeemed.
        side: `sell` if the venue sells at this price, `buy` if it buys.
        price: of one card, > 0.
        quantity: cards at this price; None where the venue does not say.
        quote_id: the venue's name of this price; empty where it has none.
        expires_ms: when the venue takes it back, Unix milliseconds.
    """

    brand: str
    denomination: Decimal
    currency: str
    region: str
    side: MarketSide
    price: Decimal
    quantity: Decimal | None = None
    quote_id: str = ""
    expires_ms: int | None = None

    @property
    def symbol(self) -> str:
        """Return the route key: what must be equal for two prices to be compared."""
        return gift_card_symbol(self.brand, self.denomination, self.currency, self.region)


@dataclass(slots=True)
class Reading:
    """Everything one poll of a market told.

    Args:
        quotes: what passed all checks.
        refused: how many items failed which check.
        as_of_ms: when the venue says the list was made; None where it does not say.
        received_ms: when the first of several pages was complete, our clock; None for a list in one piece.
    """

    quotes: list[CardQuote] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)
    as_of_ms: int | None = None
    received_ms: int | None = None


def live_quotes(reading: Reading, *, venue: str, received_ms: int) -> list[LiveQuote]:
    """Return one quote per symbol: best ask, best bid, and the further levels.

    A quote id is kept only where all of the symbol's best prices carry the same one: an order could name the
    wrong one otherwise. Of several ends the earliest counts.

    Args:
        reading: of one poll.
        venue: code of the market.
        received_ms: when the answer was complete, our clock.
    """
    by_symbol: dict[str, list[CardQuote]] = {}
    for quote in reading.quotes:
        by_symbol.setdefault(quote.symbol, []).append(quote)
    return [
        _merged(symbol, found, reading, venue=venue, received_ms=received_ms)
        for symbol, found in sorted(by_symbol.items())
    ]


def _merged(
    symbol: str, found: list[CardQuote], reading: Reading, *, venue: str, received_ms: int
) -> LiveQuote:
    asks = sorted((one for one in found if one.side == SELL), key=lambda one: one.price)
    bids = sorted((one for one in found if one.side == BUY), key=lambda one: one.price, reverse=True)
    best = [*asks[:1], *bids[:1]]
    names = {one.quote_id for one in best}
    ends = [one.expires_ms for one in best if one.expires_ms is not None]
    return LiveQuote(
        symbol=symbol,
        venue=venue,
        market=GIFT_CARD,
        bid=bids[0].price if bids else None,
        ask=asks[0].price if asks else None,
        bid_size=bids[0].quantity if bids else None,
        ask_size=asks[0].quantity if asks else None,
        venue_time_ms=reading.as_of_ms,
        received_ms=received_ms,
        quote_id=names.pop() if len(names) == 1 else "",
        expires_ms=min(ends) if ends else None,
        currency=found[0].currency,
        bids=_levels(bids),
        asks=_levels(asks),
    )


def _levels(found: Iterable[CardQuote]) -> tuple[tuple[Decimal, Decimal], ...]:
    """Levels are known only where every one of them tells its size."""
    rows = [(one.price, one.quantity) for one in found]
    known = tuple((price, size) for price, size in rows if size is not None)
    return known if len(known) == len(rows) else ()
