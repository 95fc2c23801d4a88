"""Answers of the official API v1.39. Pure.

Errors may stand beside results (partial success) and inside HTTP 200. A price row without an amount says that
nothing is on offer. Prices of products carry no condition; those of SKUs belong to one condition, printing
and language. The API does not state its currency: its documentation fixes US dollars.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Final

import msgspec

from pricing.choices import Condition, PriceType
from pricing.importers.tcgcsv import STATISTICS
from scrapers.errors import CredentialsRefused, EvidenceMissing
from scrapers.http.messages import Response
from scrapers.records import Quote, SearchHit
from scrapers.text import clean_text
from scrapers.tokens import BearerToken
from scrapers.venues.numbers import id_text, price_or_none

from .catalogue import ProductRow, read_rows
from .vocabulary import CONDITION_NUMBERS, CURRENCY, ENGLISH_NUMBER, finish_of

_MAX_TOKEN_LIFE: Final = timedelta(days=30)

Price = Decimal | None


class TokenAnswer(msgspec.Struct):
    """What the token endpoint answers."""

    access_token: str
    expires_in: Decimal
    token_type: str = ""


class ProductPrice(msgspec.Struct):
    """The prices of one printing of a product."""

    productId: Decimal  # noqa: N815 - the venue's own field names
    subTypeName: str  # noqa: N815
    lowPrice: Price = None  # noqa: N815
    midPrice: Price = None  # noqa: N815
    marketPrice: Price = None  # noqa: N815
    directLowPrice: Price = None  # noqa: N815


class SkuPrice(msgspec.Struct):
    """The prices of one SKU. The lowest listing is the cheapest one with its shipping added."""

    skuId: Decimal  # noqa: N815
    lowPrice: Price = None  # noqa: N815
    lowestShipping: Price = None  # noqa: N815
    lowestListingPrice: Price = None  # noqa: N815
    marketPrice: Price = None  # noqa: N815
    directLowPrice: Price = None  # noqa: N815


class SkuRow(msgspec.Struct):
    """What a SKU stands for."""

    skuId: Decimal  # noqa: N815
    languageId: int  # noqa: N815
    printingId: int  # noqa: N815
    conditionId: int  # noqa: N815


class ProductSkus(msgspec.Struct):
    """A product with its SKUs."""

    productId: Decimal  # noqa: N815
    name: str
    skus: list[SkuRow]


class PrintingRow(msgspec.Struct):
    """A printing's number and name, which differ by game."""

    printingId: int  # noqa: N815
    name: str


class SearchRow(ProductRow):
    """A product as the search gives it."""

    url: str | None = None


@dataclass(frozen=True, slots=True)
class Sku:
    """An English SKU in our words."""

    finish: str
    condition: str


def parse_token(answer: Response) -> BearerToken:
    """Return the token of a token endpoint's answer.

    Raises:
        CredentialsRefused: if it holds none.
    """
    try:
        token = msgspec.json.decode(answer.body, type=TokenAnswer)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise CredentialsRefused(detail="TCGplayer gave no token for these keys.") from error
    if not token.access_token or not token.expires_in.is_finite() or token.expires_in <= 0:
        raise CredentialsRefused(detail="TCGplayer gave an unusable token.")
    seconds = min(token.expires_in, Decimal(_MAX_TOKEN_LIFE.total_seconds()))
    return BearerToken(token.access_token, answer.fetched_at + timedelta(seconds=int(seconds)))


def parse_product_prices(body: bytes, *, asked: Collection[str]) -> dict[str, tuple[Quote, ...]]:
    """Return the quotes of each product the answer names; no quotes means nothing is on offer.

    Products that were not asked for are left out; products that are not named are missing.

    Raises:
        UnreadableAnswer, RequestRejected: if there is nothing but errors, or another document.
    """
    found: dict[str, list[Quote]] = {}
    for row in read_rows(body, ProductPrice, name="product prices").rows:
        product = id_text(row.productId, name="productId")
        finish = finish_of(row.subTypeName)
        if product not in asked:
            continue
        quotes = found.setdefault(product, [])
        if finish is None:
            continue
        for field, price_type in STATISTICS:
            price = price_or_none(getattr(row, field))
            if price is not None:
                quotes.append(Quote(price, price_type, finish))
    return {product: tuple(quotes) for product, quotes in found.items()}


def parse_sku_prices(body: bytes, *, skus: Mapping[str, Sku]) -> tuple[Quote, ...]:
    """Return the quotes of SKUs in the order of the answer; shipping is that of the cheapest listing.

    `lowestListingPrice` includes that shipping and is no price of a copy: it is not used.

    Raises:
        UnreadableAnswer, RequestRejected: if there is nothing but errors, or another document.
    """
    quotes: list[Quote] = []
    for row in read_rows(body, SkuPrice, name="SKU prices").rows:
        sku = skus.get(id_text(row.skuId, name="skuId"))
        if sku is None:
            continue
        low, market = price_or_none(row.lowPrice), price_or_none(row.marketPrice)
        shipping = row.lowestShipping
        if low is not None:
            known = shipping is not None and shipping.is_finite() and 0 <= shipping < 1000
            cost = shipping if known else None
            quotes.append(Quote(low, PriceType.LOW.value, sku.finish, sku.condition, shipping_cost=cost))
        if market is not None:
            quotes.append(Quote(market, PriceType.MARKET.value, sku.finish, sku.condition))
    return tuple(quotes)


def parse_skus(body: bytes, *, product_id: str, printings: Mapping[int, str]) -> tuple[str, dict[str, Sku]]:
    """Return a product's name, and its English SKUs whose printing and condition we know, by id.

    Raises:
        EvidenceMissing: if the answer is about another product.
        UnreadableAnswer, RequestRejected: if there is nothing but errors, or another document.
    """
    rows = read_rows(body, ProductSkus, name="SKUs").rows
    product = next((row for row in rows if id_text(row.productId, name="productId") == product_id), None)
    if product is None:
        raise EvidenceMissing(detail=f"The answer does not name product {product_id} and its SKUs.")
    found: dict[str, Sku] = {}
    for row in product.skus:
        condition = CONDITION_NUMBERS.get(row.conditionId)
        if condition is None or row.languageId != ENGLISH_NUMBER:
            continue
        is_sealed = condition is Condition.UNOPENED
        finish = finish_of(printings.get(row.printingId, ""), is_sealed=is_sealed)
        if finish is not None:
            found[id_text(row.skuId, name="skuId")] = Sku(finish, condition.value)
    return clean_text(product.name), found


def parse_printings(body: bytes) -> dict[int, str]:
    """Return a game's printings by number.

    Raises:
        UnreadableAnswer, RequestRejected: if there is nothing but errors, or another document.
    """
    return {row.printingId: row.name for row in read_rows(body, PrintingRow, name="printings").rows}


def parse_search(body: bytes) -> list[SearchHit]:
    """Return the products a search found; "none found" is an error of the API and an empty list here.

    Raises:
        UnreadableAnswer, RequestRejected: see `catalogue.read_rows`.
    """
    rows = read_rows(body, SearchRow, name="search", may_be_empty=True).rows
    return [
        SearchHit(
            external_id=str(row.productId),
            name=clean_text(row.name),
            number=row.extended("Number"),
            url=row.url if row.url and row.url.startswith("https://") else "",
            image_url=row.imageUrl if row.imageUrl and row.imageUrl.startswith("https://") else "",
            currency=CURRENCY,
        )
        for row in rows
        if row.productId > 0
    ]
