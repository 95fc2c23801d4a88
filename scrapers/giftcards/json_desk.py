"""The generic JSON desk: `{asOf, quotes: [{brand, denomination, price, …}]}`, or what a map makes of it.

Prices are of one card. A desk that both sells and buys says `side` in every item, from its own chair; one
that only sells or only buys need not, and an item that says otherwise is refused.
"""

from collections.abc import Mapping
from typing import Any, Final

from scrapers.choices import MarketSide
from scrapers.errors import MarkupDrift, UnreadableAnswer

from .checks import (
    Refused,
    Times,
    as_of,
    at_path,
    brand_of,
    currency_of,
    expiry_of,
    face_of,
    price_of,
    quantity_of,
    quote_id_of,
    region_of,
)
from .client import DeskClient
from .connector import Clock
from .market import Market
from .reading import CardQuote, Reading

MAX_ITEMS: Final = 50_000
DEFAULT_ITEMS: Final = "quotes"
FIELDS: Final = (
    "brand", "denomination", "price", "currency", "quantity", "quoteId", "expiresAt", "region", "side",
)  # fmt: skip
"""Fields of an item; `asOf` is looked for beside the list."""


def read_desk(body: Any, market: Market, *, times: Times) -> Reading:
    """Return what a desk's answer tells.

    Args:
        body: decoded JSON.
        market: whose answer it is.
        times: our clock.

    Raises:
        UnreadableAnswer: if there is no list where it must be, or the list is absurdly long.
        MarkupDrift: if there are items and none can be understood.
    """
    names = {name: market.field_map.get(name, name) for name in (*FIELDS, "asOf")}
    items = body if isinstance(body, list) else at_path(body, market.items_path or DEFAULT_ITEMS)
    if not isinstance(items, list):
        raise UnreadableAnswer(
            detail=f"{market.code} answered without a list at {market.items_path or DEFAULT_ITEMS!r}."
        )
    if len(items) > MAX_ITEMS:
        raise UnreadableAnswer(detail=f"{market.code} answered with more than {MAX_ITEMS:,} quotes.")
    reading = Reading()
    try:
        reading.as_of_ms = as_of(
            at_path(body, names["asOf"]) if isinstance(body, dict) else None, times=times
        )
    except Refused as refused:
        reading.refused[refused.code] += max(1, len(items))
        return reading
    for item in items:
        try:
            quote = _quote(item, market, names, times)
        except Refused as refused:
            reading.refused[refused.code] += 1
            continue
        if not market.brands or quote.brand in market.brands:
            reading.quotes.append(quote)
    _notice_drift(reading, items, market)
    return reading


def _quote(item: Any, market: Market, names: Mapping[str, str], times: Times) -> CardQuote:
    if not isinstance(item, Mapping):
        raise Refused("item")
    value = {name: at_path(item, names[name]) for name in FIELDS}
    face = face_of(value["denomination"])
    return CardQuote(
        brand=brand_of(value["brand"]),
        denomination=face,
        currency=currency_of(value["currency"], default=market.currency),
        region=region_of(value["region"], default=market.region),
        side=_side(value["side"], market),
        price=price_of(value["price"], face=face),
        quantity=quantity_of(value["quantity"]),
        quote_id=quote_id_of(value["quoteId"]),
        expires_ms=expiry_of(value["expiresAt"], times=times),
    )


def _side(value: Any, market: Market) -> MarketSide:
    if value in (None, "") and market.side != MarketSide.BOTH:
        return market.side
    if value not in (MarketSide.SELL.value, MarketSide.BUY.value):
        raise Refused("side")
    if market.side not in (MarketSide.BOTH, value):
        raise Refused("side")
    return MarketSide(value)


def _notice_drift(reading: Reading, items: list[Any], market: Market) -> None:
    """A list of which nothing has the wanted fields is another format, never an empty offer."""
    shapeless = sum(reading.refused[code] for code in ("item", "brand", "denomination", "price"))
    if items and shapeless == len(items):
        raise MarkupDrift(detail=f"{market.code} answered {len(items)} items and none is a quote.")


class JsonConnector:
    """Asks a desk for its list.

    Args:
        market: `url` is the complete address of the list.
    """

    def __init__(self, market: Market) -> None:
        self._market = market

    def urls(self) -> tuple[str, ...]:
        """Return the one address it asks."""
        return (self._market.url,)

    async def read(self, client: DeskClient, *, clock: Clock, max_skew_ms: int) -> Reading:
        """Ask for the list."""
        body = await client.get_json(self._market.url, headers=self._market.token_headers())
        return read_desk(body, self._market, times=Times(clock(), max_skew_ms))
