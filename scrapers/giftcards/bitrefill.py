"""Bitrefill v2: products with packages. It sells to us, so its prices are asks.

A package's price is taken in the currency of its face value: from `prices`, or from `usdPrice` and `eurPrice`
for those two. Products with a free amount (`range`) have no list of prices and are refused with a count.
"""

from collections.abc import Mapping
from typing import Any, Final

from scrapers.choices import MarketSide
from scrapers.errors import MarkupDrift, UnreadableAnswer

from .checks import Refused, brand_of, currency_of, face_of, price_of, quote_id_of, region_of
from .client import DeskClient
from .connector import Clock
from .market import Market
from .reading import CardQuote, Reading

PAGE_SIZE: Final = 50
MAX_PAGES: Final = 400


def read_products(rows: Any, market: Market, into: Reading) -> None:
    """Add the quotes of some products.

    Args:
        rows: `data` of an answer.
        market: whose answer it is.
        into: what is added to.

    Raises:
        UnreadableAnswer: if it is no list.
        MarkupDrift: if there are products and none can be understood.
    """
    if not isinstance(rows, list):
        raise UnreadableAnswer(detail=f"{market.code} answered without a list of products.")
    strange = 0
    for row in rows:
        try:
            _read_product(row, market, into)
        except Refused as refused:
            into.refused[refused.code] += 1
            strange += refused.code in ("item", "brand", "denominations")
    if rows and strange == len(rows):
        raise MarkupDrift(detail=f"{market.code} answered {len(rows)} products and none is understood.")


def _read_product(row: Any, market: Market, into: Reading) -> None:
    if not isinstance(row, Mapping):
        raise Refused("item")
    brand = brand_of(row.get("brand") or row.get("name"))
    if market.brands and brand not in market.brands:
        return
    if row.get("in_stock", row.get("inStock")) is False:
        raise Refused("sold_out")
    packages = row.get("packages")
    if not packages and row.get("range"):
        raise Refused("range")
    if not isinstance(packages, list) or not packages:
        raise Refused("denominations")
    region = region_of(row.get("country_code", row.get("countryCode")), default=market.region)
    currency = currency_of(row.get("currency"), default="")
    for package in packages:
        try:
            into.quotes.append(_quote(package, brand, currency, region))
        except Refused as refused:
            into.refused[refused.code] += 1


def _quote(package: Any, brand: str, currency: str, region: str) -> CardQuote:
    if not isinstance(package, Mapping):
        raise Refused("item")
    face = face_of(package.get("value"))
    price = price_of(_price_in(package, currency), face=face)
    name = quote_id_of(package.get("id"))
    return CardQuote(brand, face, currency, region, MarketSide.SELL, price, quote_id=name)


def _price_in(package: Mapping[str, Any], currency: str) -> Any:
    """Return what a package costs in a currency."""
    prices = package.get("prices")
    if isinstance(prices, Mapping) and prices.get(currency) is not None:
        return prices[currency]
    price = package.get({"USD": "usdPrice", "EUR": "eurPrice"}.get(currency, ""))
    if price is None:
        raise Refused("foreign_price")
    return price


class BitrefillConnector:
    """Asks all pages of the catalogue.

    Args:
        market: `token` is the API key; `url` the base address with the version.
    """

    def __init__(self, market: Market) -> None:
        self._market = market

    def urls(self) -> tuple[str, ...]:
        """Return the address of its API."""
        return (self._market.url,)

    async def read(self, client: DeskClient, *, clock: Clock, max_skew_ms: int) -> Reading:
        """Ask for every page.

        Raises:
            FetchFailed: if a page is missing: half a catalogue would withdraw the other half.
        """
        reading = Reading()
        for number in range(MAX_PAGES):
            body = await client.get_json(
                f"{self._market.url}/products",
                params={"start": number * PAGE_SIZE, "limit": PAGE_SIZE},
                headers=self._market.token_headers(),
            )
            if reading.received_ms is None:
                reading.received_ms = clock()
            rows = body.get("data") if isinstance(body, Mapping) else None
            read_products(rows, self._market, reading)
            if not isinstance(rows, list) or len(rows) < PAGE_SIZE:
                return reading
        raise UnreadableAnswer(detail=f"{self._market.code} has more than {MAX_PAGES} pages.")
