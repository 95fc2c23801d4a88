"""Decoding the answers of the Browse API. What sellers are called and where they live is left behind here.

Only fields named below are decoded. A seller's user name is needed to count distinct sellers and leaves this
module as nothing but a number that is good within one answer.
"""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Final
from urllib.parse import parse_qs, urlsplit, urlunsplit

import msgspec

from quant.money import currency_exponent
from scrapers.amounts import AmountUnclear, read_currency, read_json_amount
from scrapers.errors import NotListed, RequestRejected, UnreadableAnswer
from scrapers.http.messages import Response
from scrapers.text import clean_text

IGNORED_FILTER_WARNINGS: Final = range(12002, 12023)
NOT_FOUND_ERRORS: Final = frozenset({11001, 11002})
FIXED_PRICE: Final = "FIXED_PRICE"


class _Message(msgspec.Struct, rename="camel"):
    error_id: int = 0
    message: str = ""


class _Amount(msgspec.Struct, rename="camel"):
    value: object = None
    currency: object = None


class _ShippingOption(msgspec.Struct, rename="camel"):
    shipping_cost: _Amount | None = None
    shipping_cost_type: str = ""


class _Seller(msgspec.Struct):
    username: str = ""


class _Image(msgspec.Struct, rename="camel"):
    image_url: str = ""


class _Availability(msgspec.Struct, rename="camel"):
    estimated_availability_status: str = ""
    estimated_available_quantity: int | None = None


class _Listing(msgspec.Struct, rename="camel"):
    item_id: str
    title: str = ""
    price: _Amount | None = None
    buying_options: list[str] = []
    condition_id: str = ""
    epid: str = ""
    legacy_item_id: str = ""
    item_web_url: str = ""
    item_end_date: datetime | None = None
    image: _Image | None = None
    seller: _Seller | None = None
    shipping_options: list[_ShippingOption] = []
    estimated_availabilities: list[_Availability] = []


class _Search(msgspec.Struct, rename="camel"):
    total: int
    href: str = ""
    limit: int = 0
    offset: int = 0
    item_summaries: list[_Listing] = []
    warnings: list[_Message] = []
    errors: list[_Message] = []


class _Item(_Listing):
    warnings: list[_Message] = []
    errors: list[_Message] = []


class _Errors(msgspec.Struct):
    errors: list[_Message]


class Listing(msgspec.Struct, frozen=True, gc=False):
    """One listing, without anything personal.

    Args:
        listing_id: eBay's item number.
        title: cleaned.
        price: what it is sold for at once; None for an auction without such a price.
        currency: of the price and of the shipping; empty without a price.
        shipping: to the market's country; None where it is calculated later or not said.
        is_fixed_price: can be bought at once.
        condition_id: eBay's code, "1000" for new.
        epid: eBay's product, if the listing names one.
        seller: a number that tells sellers of one answer apart.
        url, image_url: of the page and of the picture.
        ends_at: when it ends or ended, if stated.
        quantity: copies to be had, if stated.
        is_sold_out: stated to be out of stock.
    """

    listing_id: str
    title: str
    price: Decimal | None
    currency: str
    shipping: Decimal | None
    is_fixed_price: bool
    condition_id: str
    epid: str
    seller: int
    url: str = ""
    image_url: str = ""
    ends_at: datetime | None = None
    quantity: int | None = None
    is_sold_out: bool = False


class SearchPage(msgspec.Struct, frozen=True):
    """One page of results. `echo` is the query as the answer repeats it: name -> value."""

    total: int
    limit: int
    offset: int
    listings: tuple[Listing, ...]
    echo: dict[str, str]


def parse_search(response: Response) -> SearchPage:
    """Read one page of search results; an empty result has no `itemSummaries` at all.

    Raises:
        RequestRejected: if the venue ignored a filter (200 with warnings 12002 to 12022) or sent an error.
        UnreadableAnswer: if it is not such an answer.
    """
    answer = response.decode(_Search)
    _refuse_complaints(answer.errors, answer.warnings)
    sellers: dict[str, int] = {}
    listings = tuple(_listing(raw, sellers) for raw in answer.item_summaries)
    if answer.total < len(listings):
        raise UnreadableAnswer(detail=f"eBay counts {answer.total} results and sends {len(listings)}.")
    echo = {name: values[-1] for name, values in parse_qs(urlsplit(answer.href).query).items()}
    return SearchPage(
        total=answer.total, limit=answer.limit, offset=answer.offset, listings=listings, echo=echo
    )


def parse_item(response: Response) -> Listing:
    """Read one listing.

    Raises:
        NotListed: if it is gone (11001, with status 404 or 400).
        RequestRejected: for any other error or an ignored parameter.
        UnreadableAnswer: if it is not such an answer.
    """
    if response.status >= 400:
        raise_error(response)
    answer = response.decode(_Item)
    _refuse_complaints(answer.errors, answer.warnings)
    return _listing(answer, {})


def raise_error(response: Response) -> None:
    """Raise what an answer with an error status means.

    Raises:
        NotListed: 404, or error 11001.
        RequestRejected: anything else the API says.
        UnreadableAnswer: if it does not say.
    """
    if response.status == 404:
        raise NotListed(detail="eBay does not know the listing.")
    _refuse_complaints(response.decode(_Errors).errors, ())
    raise UnreadableAnswer(detail=f"eBay answered {response.status} without an error.")


def _refuse_complaints(errors: Sequence[_Message], warnings: Sequence[_Message]) -> None:
    if any(error.error_id in NOT_FOUND_ERRORS for error in errors):
        raise NotListed(detail="eBay does not know the listing.")
    ignored = [warning for warning in warnings if warning.error_id in IGNORED_FILTER_WARNINGS]
    if errors or ignored:
        first = (*errors, *ignored)[0]
        raise RequestRejected(
            detail=f"eBay: {clean_text(first.message, max_length=200)} ({first.error_id}).",
            details={"error_ids": [message.error_id for message in (*errors, *ignored)]},
        )


def _listing(raw: _Listing, sellers: dict[str, int]) -> Listing:
    price, currency = _amount(raw.price, "price")
    name = raw.seller.username if raw.seller else ""
    anonymous = f"item {raw.item_id}"  # a listing without a seller is one of its own
    availability = raw.estimated_availabilities[0] if raw.estimated_availabilities else _Availability()
    return Listing(
        listing_id=_listing_id(raw),
        title=clean_text(raw.title),
        price=price,
        currency=currency,
        shipping=_shipping(raw.shipping_options, currency),
        is_fixed_price=FIXED_PRICE in raw.buying_options,
        condition_id=raw.condition_id,
        epid=raw.epid,
        seller=sellers.setdefault(name or anonymous, len(sellers)),
        url=_plain_url(raw.item_web_url),
        image_url=_plain_url(raw.image.image_url if raw.image else ""),
        ends_at=raw.item_end_date,
        quantity=availability.estimated_available_quantity,
        is_sold_out=availability.estimated_availability_status == "OUT_OF_STOCK",
    )


def _amount(raw: _Amount | None, name: str) -> tuple[Decimal | None, str]:
    if raw is None:
        return None, ""
    amount = read_json_amount(raw.value, name=name)
    if amount is None:
        return None, ""
    currency = read_currency(raw.currency)
    decimals = -int(amount.as_tuple().exponent)
    if decimals not in (0, currency_exponent(currency)):  # eBay writes all or none; else some are lost
        raise AmountUnclear(detail=f"{name} {str(raw.value)[:20]!r} is not an amount of {currency}.")
    return amount, currency


def _shipping(options: Sequence[_ShippingOption], currency: str) -> Decimal | None:
    """Return the cheapest stated cost in the listing's own currency; zero is free, absent is unknown."""
    costs = []
    for option in options:
        cost = option.shipping_cost
        if cost is None or option.shipping_cost_type == "CALCULATED" or cost.currency != currency:
            continue
        try:
            costs.append(read_json_amount(cost.value, name="shippingCost") or Decimal(0))
        except AmountUnclear:
            continue
    return min(costs, default=None)


def _listing_id(raw: _Listing) -> str:
    if raw.legacy_item_id:
        return raw.legacy_item_id
    parts = raw.item_id.split("|")
    return parts[1] if len(parts) == 3 else raw.item_id


def _plain_url(url: str) -> str:
    """Leave out the query, which tracks who looked."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "", "")) if parts.scheme == "https" else ""
