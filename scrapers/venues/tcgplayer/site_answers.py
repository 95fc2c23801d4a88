"""Answers of TCGplayer's site: search, listings and details. Pure.

Whole numbers may be floats and ids may be strings. Rows are nested twice. Errors come in the body, also under
HTTP 200. A product's `lowestPriceWithShipping` is often that of a damaged copy and its `lowestPrice` that of
an unstated condition: neither is used, the listings tell. `marketPrice` may be null, 0 or absent. Sellers are
counted and forgotten: no name or id of a seller leaves this module.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, TypeVar

import msgspec

from pricing.choices import Condition, PriceType
from scrapers.errors import EvidenceMissing, MarkupDrift, RequestRejected, UnreadableAnswer
from scrapers.records import Quote, SearchHit
from scrapers.text import clean_text
from scrapers.venues.numbers import count_or_none, id_text, price_or_none

from .vocabulary import CONDITIONS, CURRENCY, ENGLISH, finish_of

COMPETING: Final = Decimal("1.05")  # a seller competes whose ask is at most 5 % above the lowest one
_STANDARD: Final = "standard"  # custom listings show the one copy they sell: signed, altered, graded …

Price = Decimal | None
Row = TypeVar("Row", bound=msgspec.Struct)


class BodyError(msgspec.Struct):
    """An error inside an answer; it may be an object or plain text."""

    code: str | int | None = None
    message: str | None = None


class Page(msgspec.Struct):
    """The inner envelope of search and listings."""

    results: list[msgspec.Raw]
    totalResults: Decimal  # noqa: N815 - the venue's own field names


class SearchAnswer(msgspec.Struct):
    """The outer envelope."""

    results: list[Page]


class CustomAttributes(msgspec.Struct):
    """Further fields of a product found."""

    number: str | None = None


class SearchRow(msgspec.Struct):
    """A product found."""

    productId: Decimal  # noqa: N815
    productName: str  # noqa: N815
    setName: str | None = None  # noqa: N815
    marketPrice: Price = None  # noqa: N815
    customAttributes: CustomAttributes | None = None  # noqa: N815


class Listing(msgspec.Struct):
    """An offer. Its `productConditionId` is the SKU."""

    productId: Decimal  # noqa: N815
    price: Price
    quantity: Decimal
    condition: str
    printing: str
    sellerId: str | int | float  # noqa: N815
    language: str = ENGLISH
    listingType: str = _STANDARD  # noqa: N815
    channelId: Decimal = Decimal(0)  # noqa: N815
    shippingPrice: Price = None  # noqa: N815


class DetailSku(msgspec.Struct):
    """A version of a product."""

    sku: Decimal
    variant: str
    condition: str
    language: str = ENGLISH


class Details(msgspec.Struct):
    """A product; the answer has no envelope."""

    productId: Decimal  # noqa: N815
    productName: str  # noqa: N815
    marketPrice: Price = None  # noqa: N815
    medianPrice: Price = None  # noqa: N815
    sealed: bool = False
    skus: list[DetailSku] = []


@dataclass(frozen=True, slots=True)
class Offers:
    """The buyable offers of one product among the cheapest ones, and whether these are all there are."""

    listings: tuple[Listing, ...]
    is_complete: bool


def parse_search(body: bytes) -> tuple[list[SearchHit], int]:
    """Return the products of a search page, and how many there are in all.

    Raises:
        UnreadableAnswer, RequestRejected: if the answer is of another shape, or says what is wrong.
    """
    page = _page(body, name="search")
    hits = [_hit(row) for row in _rows(page, SearchRow, name="search")]
    return hits, count_or_none(page.totalResults) or 0


def _hit(row: SearchRow) -> SearchHit:
    product_id = id_text(row.productId, name="productId")
    return SearchHit(
        external_id=product_id,
        name=clean_text(row.productName),
        set_name=clean_text(row.setName or ""),
        number=clean_text(row.customAttributes.number or "") if row.customAttributes else "",
        url=f"https://www.tcgplayer.com/product/{product_id}",
        price=price_or_none(row.marketPrice),
        currency=CURRENCY,
    )


def parse_listings(body: bytes, *, product_id: str) -> Offers:
    """Return the buyable English offers of a product from a page of its listings, cheapest first.

    Raises:
        EvidenceMissing: if a listing is of another product, or the page is not in the order of prices and so
            does not show the lowest ones.
        UnreadableAnswer, RequestRejected: if the answer is of another shape, or says what is wrong.
    """
    page = _page(body, name="listings")
    rows = _rows(page, Listing, name="listings")
    total = count_or_none(page.totalResults) or 0
    if total and not rows:
        raise MarkupDrift(detail=f"listings: {total} are counted and none is shown.")
    strangers = [row for row in rows if id_text(row.productId, name="productId") != product_id]
    if strangers:
        raise EvidenceMissing(detail=f"A listing is of product {strangers[0].productId}, not {product_id}.")
    asks = [price for row in rows if (price := price_or_none(row.price)) is not None]
    is_complete = len(rows) >= total
    if not is_complete and asks != sorted(asks):
        raise EvidenceMissing(detail=f"The listings of {product_id} are not in the order of their prices.")
    return Offers(tuple(row for row in rows if _is_buyable(row)), is_complete)


def _is_buyable(row: Listing) -> bool:
    return (
        price_or_none(row.price) is not None
        and bool(count_or_none(row.quantity))
        and row.channelId == 0
        and row.listingType == _STANDARD
        and row.language == ENGLISH
    )


def lowest_offers(offers: Offers, *, is_sealed: bool) -> tuple[Quote, ...]:
    """Return the lowest ask of each version and condition, and for cards of each version in any condition.

    Sellers and copies are those within 5 % of the lowest ask; shipping is that of the cheapest offer.
    Versions and conditions we do not know are left out.
    """
    groups: dict[tuple[str, str], list[Listing]] = defaultdict(list)
    for row in offers.listings:
        condition = CONDITIONS.get(row.condition)
        finish = finish_of(row.printing, is_sealed=is_sealed)
        if condition is None or finish is None or is_sealed != (condition is Condition.UNOPENED):
            continue
        if not is_sealed:
            groups[finish, ""].append(row)
        groups[finish, condition.value].append(row)
    return tuple(_lowest(rows, finish, condition) for (finish, condition), rows in groups.items())


def _lowest(rows: Iterable[Listing], finish: str, condition: str) -> Quote:
    priced = [(price, row) for row in rows if (price := price_or_none(row.price)) is not None]
    lowest = min(price for price, _ in priced)
    competing = [row for price, row in priced if price <= lowest * COMPETING]
    postage = [row.shippingPrice for price, row in priced if price == lowest]
    known = [cost for cost in postage if cost is not None and cost.is_finite() and cost >= 0]
    return Quote(
        amount=lowest,
        price_type=PriceType.LOW.value,
        finish=finish,
        condition=condition,
        seller_count=len({str(row.sellerId) for row in competing}),
        available_quantity=sum(count_or_none(row.quantity) or 0 for row in competing),
        shipping_cost=min(known) if len(known) == len(postage) else None,
    )


def parse_details(body: bytes, *, product_id: str) -> Details:
    """Return a product's details.

    Raises:
        EvidenceMissing: if they are of another product, or its SKUs are not what it says it is.
        UnreadableAnswer, RequestRejected: if the answer is of another shape, or says what is wrong.
    """
    refuse_errors(body, name="details")
    try:
        details = msgspec.json.decode(body, type=Details)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise UnreadableAnswer(detail=f"details: not TCGplayer's answer: {error}.") from error
    if id_text(details.productId, name="productId") != product_id:
        raise EvidenceMissing(detail=f"The details are of product {details.productId}, not {product_id}.")
    unopened = [sku.condition == Condition.UNOPENED.label for sku in details.skus]
    if any(is_unopened != details.sealed for is_unopened in unopened):
        raise EvidenceMissing(detail=f"The details of {product_id} contradict themselves: sealed or a card?")
    return details


def statistics(details: Details, *, lowest: Iterable[Quote] = ()) -> tuple[Quote, ...]:
    """Return market price and median ask, if it is clear which version they are of.

    A product made in several versions states one market price for all of them: that is no price of any.

    Args:
        details: of the product.
        lowest: its lowest offers; the sellers competing there are those of the statistics.
    """
    finishes = {finish_of(sku.variant, is_sealed=details.sealed) for sku in details.skus}
    finish = finishes.pop() if len(finishes) == 1 else None
    if finish is None:
        return ()
    condition = Condition.UNOPENED.value if details.sealed else ""
    sellers = {(low.finish, low.condition): low.seller_count for low in lowest}
    found = ((PriceType.MARKET, details.marketPrice), (PriceType.MID, details.medianPrice))
    return tuple(
        Quote(amount, price_type.value, finish, condition, seller_count=sellers.get((finish, condition)))
        for price_type, price in found
        if (amount := price_or_none(price)) is not None
    )


class _Errors(msgspec.Struct):
    errors: list[BodyError | str] = []


def refuse_errors(body: bytes, *, name: str) -> None:
    """Raise what an answer says is wrong, whatever its HTTP status.

    Raises:
        RequestRejected: with the venue's code and message.
    """
    try:
        errors = msgspec.json.decode(body, type=_Errors).errors
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return  # of another shape: whoever reads the rest says so
    for error in errors:
        said = error if isinstance(error, str) else f"{error.code or ''} {error.message or ''}"
        raise RequestRejected(detail=f"{name}: {clean_text(said) or 'an error without a name'}")


def _page(body: bytes, *, name: str) -> Page:
    refuse_errors(body, name=name)
    try:
        answer = msgspec.json.decode(body, type=SearchAnswer)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise UnreadableAnswer(detail=f"{name}: not TCGplayer's answer: {error}.") from error
    if len(answer.results) != 1:
        raise MarkupDrift(detail=f"{name}: {len(answer.results)} result pages instead of one.")
    return answer.results[0]


def _rows(page: Page, kind: type[Row], *, name: str) -> list[Row]:
    try:
        return [msgspec.json.decode(raw, type=kind) for raw in page.results]
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise MarkupDrift(detail=f"{name}: a row is of another shape: {error}.") from error
