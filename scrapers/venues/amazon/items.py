"""Decoding the answers of the Creators API into records. Merchants' names are not decoded."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

import msgspec

from pricing.choices import PriceType, Route
from scrapers.amounts import AmountUnclear, parse_price_text, read_currency, read_json_amount
from scrapers.errors import EvidenceMissing, NotListed, RequestRejected, UnreadableAnswer
from scrapers.http.messages import Response
from scrapers.records import Evidence, Quote, ScrapedPrice, SearchHit
from scrapers.text import clean_text

from .marketplaces import Marketplace

PARSER: Final = "amazon.creators/1"
QUALITY: Final = Decimal("0.95")
_SELECTOR: Final = "itemsResult.items[].offersV2.listings[].price.money"
_BUYABLE: Final = frozenset({"IN_STOCK", "IN_STOCK_SCARCE", "LEADTIME"})


class _Money(msgspec.Struct, rename="camel"):
    amount: object = None
    currency: object = None
    display_amount: str | None = None


class _Price(msgspec.Struct, rename="camel"):
    money: _Money | None = None


class _Condition(msgspec.Struct, rename="camel"):
    value: str = ""


class _Availability(msgspec.Struct, rename="camel"):
    type: str = ""
    min_order_quantity: int | None = None
    max_order_quantity: int | None = None


class _Offer(msgspec.Struct, rename="camel"):
    price: _Price | None = None
    condition: _Condition | None = None
    availability: _Availability | None = None
    is_buy_box_winner: bool = False
    violates_map: bool = msgspec.field(default=False, name="violatesMAP")


class _Offers(msgspec.Struct, rename="camel"):
    listings: list[_Offer] = []


class _Title(msgspec.Struct, rename="camel"):
    display_value: str = ""


class _ItemInfo(msgspec.Struct, rename="camel"):
    title: _Title | None = None


class _Item(msgspec.Struct, rename="camel"):
    asin: str
    detail_page_url: str = msgspec.field(default="", name="detailPageURL")
    item_info: _ItemInfo | None = None
    offers_v2: _Offers | None = msgspec.field(default=None, name="offersV2")


class _Problem(msgspec.Struct):
    code: str = ""
    message: str = ""


class _Items(msgspec.Struct):
    items: list[_Item] = []


class _Answer(msgspec.Struct, rename="camel"):
    items_result: _Items | None = None
    search_result: _Items | None = None
    errors: list[_Problem] = []


class _Failure(msgspec.Struct):
    code: str = ""
    type: str = ""
    reason: str = ""
    message: str = ""
    errors: list[_Problem] = []


def parse_item(response: Response, *, asin: str, marketplace: Marketplace) -> ScrapedPrice | None:
    """Make the record of one article from an answer that may hold several.

    Returns:
        The price of the new article: the buy box's if there is one, else the lowest. None if it exists and
        nothing is on offer, or the price may not be shown (`violatesMAP`).

    Raises:
        NotListed: if the answer says that the article cannot be had here.
        EvidenceMissing: if the answer is about other articles, or its amounts are in another currency or
            contradict each other.
        UnreadableAnswer: if it is not such an answer, or the offer's price cannot be read.
    """
    answer = response.decode(_Answer)
    item = _find(answer, asin)
    offer = _choose(item.offers_v2.listings if item.offers_v2 else (), marketplace)
    if offer is None:
        return None
    availability = offer.availability or _Availability()
    quote = Quote(
        amount=_amount(offer, marketplace),
        price_type=PriceType.LOW,
        available_quantity=availability.max_order_quantity,
    )
    return ScrapedPrice(
        external_id=asin,
        currency=marketplace.currency,
        quotes=(quote,),
        evidence=Evidence(product_id=item.asin, currency=marketplace.currency, selector=_SELECTOR),
        route=Route.API,
        source_url=response.url,
        fetched_at=response.fetched_at,
        payload_sha256=response.sha256,
        parser=PARSER,
        title=_title(item),
        quality=QUALITY,
    )


def parse_hits(response: Response, *, marketplace: Marketplace) -> list[SearchHit]:
    """Read the articles of a search, in Amazon's order; nothing found is an empty list.

    Raises:
        RequestRejected: if the answer is an error.
        UnreadableAnswer: if it is not such an answer.
    """
    if response.status == 404:
        return []
    answer = response.decode(_Answer)
    if answer.search_result is None:
        if answer.errors and all(problem.code == "NoResults" for problem in answer.errors):
            return []
        raise RequestRejected(detail=f"Amazon's search failed: {_codes(answer.errors) or 'no result'}.")
    return [_hit(item, marketplace) for item in answer.search_result.items]


def raise_failure(response: Response) -> None:
    """Raise what an answer with status 400 or 404 means.

    Raises:
        NotListed: 404: none of the articles was found.
        RequestRejected: any other complaint.
        UnreadableAnswer: if it is none.
    """
    if response.status == 404:
        raise NotListed(detail="Amazon does not know the article.")
    failure = response.decode(_Failure)
    said = failure.code or failure.type or failure.reason or _codes(failure.errors) or failure.message
    raise RequestRejected(detail=f"Amazon refuses the request: {clean_text(said, max_length=100)}.")


def failure_reason(response: Response) -> str:
    """Return the word a 403 gives for itself, such as InvalidAssociate; never raises."""
    try:
        failure = response.decode(_Failure)
    except UnreadableAnswer:
        return ""
    return clean_text(failure.reason or failure.code or failure.type or failure.message, max_length=80)


def _find(answer: _Answer, asin: str) -> _Item:
    items = answer.items_result.items if answer.items_result else []
    found = [item for item in items if item.asin == asin]
    if found and all(item == found[0] for item in found):
        return found[0]
    if found:
        raise EvidenceMissing(detail=f"Amazon answered twice, and differently, about {asin}.")
    if any(asin in problem.message for problem in answer.errors):
        raise NotListed(detail=f"Amazon: {_codes(answer.errors)}.")
    if items:
        raise EvidenceMissing(detail=f"Amazon answered about {items[0].asin[:20]}, not {asin}.")
    if answer.errors:
        raise RequestRejected(detail=f"Amazon: {_codes(answer.errors)}.")
    raise UnreadableAnswer(detail="Amazon's answer has neither items nor errors.")


def _choose(offers: Sequence[_Offer], marketplace: Marketplace) -> _Offer | None:
    fit = [offer for offer in offers if _is_buyable(offer)]
    winners = [offer for offer in fit if offer.is_buy_box_winner]
    shown = [offer for offer in winners or fit if not offer.violates_map]
    return min(shown, key=lambda offer: _amount(offer, marketplace), default=None)


def _is_buyable(offer: _Offer) -> bool:
    availability = offer.availability or _Availability()
    is_new = offer.condition is not None and offer.condition.value == "New"
    return is_new and availability.type in _BUYABLE and (availability.min_order_quantity or 1) == 1


def _amount(offer: _Offer, marketplace: Marketplace) -> Decimal:
    money = offer.price.money if offer.price else None
    amount = read_json_amount(money.amount, name="price.money.amount") if money else None
    if money is None or amount is None:
        raise UnreadableAnswer(detail="Amazon's offer has no price.")
    if read_currency(money.currency) != marketplace.currency:
        raise EvidenceMissing(detail=f"Amazon's price is in {money.currency}, not {marketplace.currency}.")
    if money.display_amount:
        try:
            shown = parse_price_text(
                money.display_amount, currency=marketplace.currency, decimal_mark=marketplace.decimal_mark
            )
        except AmountUnclear as error:
            raise EvidenceMissing(detail=f"Amazon's displayAmount: {error.detail}") from error
        if (shown.amount, shown.currency) != (amount, marketplace.currency):
            raise EvidenceMissing(detail=f"Amazon says {amount} and shows {money.display_amount[:20]}.")
    return amount


def _title(item: _Item) -> str:
    title = item.item_info.title if item.item_info else None
    return clean_text(title.display_value) if title else ""


def _hit(item: _Item, marketplace: Marketplace) -> SearchHit:
    try:
        offer = _choose(item.offers_v2.listings if item.offers_v2 else (), marketplace)
        price = _amount(offer, marketplace) if offer else None
    except UnreadableAnswer:  # the suggestion is as good without a price
        price = None
    return SearchHit(
        external_id=item.asin,
        name=_title(item),
        url=item.detail_page_url if item.detail_page_url.startswith("https://") else "",
        price=price,
        currency=marketplace.currency if price is not None else "",
    )


def _codes(problems: Sequence[_Problem]) -> str:
    return clean_text(", ".join(problem.code or problem.message for problem in problems), max_length=120)
