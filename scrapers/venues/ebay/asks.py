"""From listings to the one record: the lowest ask of an article, and how many sellers stand beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Final

from pricing.choices import Condition, ConfidenceLevel, PriceType, Route
from scrapers.errors import EvidenceMissing, UnreadableAnswer
from scrapers.http.messages import Response
from scrapers.records import Evidence, Quote, ScrapedPrice

from .identifiers import Identifier, IdentifierKind
from .listings import Listing, SearchPage, parse_item, parse_search
from .markets import Market
from .titles import finish_of, holds_all_words, names_something_else

PARSER: Final = "ebay.browse/1"
NEW: Final = "1000"  # the condition id of new and factory sealed articles
UNGRADED: Final = "4000"  # of single cards that no grader has looked at, whatever their state
CONDITIONS: Final = f"conditionIds:{{{NEW}|{UNGRADED}}}"
NEAR_LOWEST: Final = Decimal("1.05")  # sellers within 5 % of the lowest ask are counted

_ECHOED: Final = {IdentifierKind.EPID: "epid", IdentifierKind.GTIN: "gtin", IdentifierKind.WORDS: "q"}
_TRUST: Final = {
    IdentifierKind.ITEM: (ConfidenceLevel.HIGH, Decimal("0.90")),
    IdentifierKind.EPID: (ConfidenceLevel.HIGH, Decimal("0.85")),
    IdentifierKind.GTIN: (ConfidenceLevel.HIGH, Decimal("0.85")),
    IdentifierKind.WORDS: (ConfidenceLevel.LOW, Decimal("0.40")),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for, and where."""

    identifier: Identifier
    market: Market


def parse_asks(responses: Sequence[Response], *, asked: Asked) -> ScrapedPrice | None:
    """Make the record of a search by product, bar code or words from the pages of its answer.

    Args:
        responses: one page or more, in order.
        asked: the identifier (not of one listing) and the marketplace.

    Returns:
        The lowest ask for a new article that can be bought at once, shipping included in the comparison where
        it is known; None if there is none. `seller_count` are the distinct sellers within 5 % of it, and
        `available_quantity` is the number of their listings (each holds one copy at least). Single cards are
        never called new: theirs are one ask for each finish, of any condition. A title that names two
        finishes is of neither.

    Raises:
        EvidenceMissing: if the answer is not to this question, or in another currency.
        RequestRejected, UnreadableAnswer: as `parse_search` does; also if an offer has no readable price, for
            then nobody knows which is the lowest.
    """
    pages = [parse_search(response) for response in responses]
    for page in pages:
        _check_echo(page, asked)
    offers = _article_offers([listing for page in pages for listing in page.listings], asked)
    _check_offers(offers, asked.market)
    groups = _by_finish(offers)
    if not groups:
        return None
    return _record(
        tuple(_quote(group, finish=finish) for finish, group in groups.items()),
        best=lowest([offer for group in groups.values() for offer in group]),
        responses=responses,
        asked=asked,
        selector="itemSummaries[].price",
    )


def parse_listing(response: Response, *, asked: Asked, now: datetime) -> ScrapedPrice | None:
    """Make the record of one listing from the answer about it.

    Returns:
        Its price if it can still be bought at once, else None (ended, sold out, auction, a choice of
        finishes). An article that is not new is of any condition, which `record_prices` does not take for a
        sealed product, and of the finish its title names.

    Raises:
        EvidenceMissing: if the answer is about another listing, or in another currency.
        NotListed, RequestRejected, UnreadableAnswer: as `parse_item` does.
    """
    listing = parse_item(response)
    if listing.listing_id != asked.identifier.value:
        raise EvidenceMissing(detail=f"eBay answered about listing {listing.listing_id[:30]}.")
    finish = _finish(listing)
    if finish is None or not _can_be_bought(listing, now):
        return None
    _check_offers([listing], asked.market)
    quote = Quote(
        amount=_price(listing),
        price_type=PriceType.LOW,
        finish=finish,
        condition="" if listing.condition_id == NEW else Condition.ANY,
        seller_count=1,
        available_quantity=listing.quantity,
        shipping_cost=listing.shipping,
    )
    return _record((quote,), best=listing, responses=[response], asked=asked, selector="price")


def lowest(offers: Sequence[Listing]) -> Listing:
    """Return the offer that costs least with shipping; one whose shipping is unknown only if all are so."""
    known = [offer for offer in offers if offer.shipping is not None]
    return min(known or offers, key=lambda offer: (_total(offer), offer.listing_id))


def _can_be_bought(listing: Listing, now: datetime) -> bool:
    has_ended = listing.ends_at is not None and listing.ends_at <= now
    return listing.is_fixed_price and not (has_ended or listing.is_sold_out or listing.quantity == 0)


def _finish(offer: Listing) -> str | None:
    """Return the finish, which only sellers' titles tell: "" for sealed articles, None for a choice."""
    return "" if offer.condition_id == NEW else finish_of(offer.title)


def _by_finish(offers: Sequence[Listing]) -> dict[str, list[Listing]]:
    """Group asks by finish, without those of a choice of finishes."""
    groups: dict[str, list[Listing]] = {}
    for offer in offers:
        finish = _finish(offer)
        if finish is not None:
            groups.setdefault(finish, []).append(offer)
    return groups


def _quote(offers: Sequence[Listing], *, finish: str) -> Quote:
    best = lowest(offers)
    near = [offer for offer in offers if _total(offer) <= _total(best) * NEAR_LOWEST]
    return Quote(
        amount=_price(best),
        price_type=PriceType.LOW,
        finish=finish,
        condition="" if best.condition_id == NEW else Condition.ANY,
        seller_count=len({offer.seller for offer in near}),
        available_quantity=len({offer.listing_id for offer in near}),
        shipping_cost=best.shipping,
    )


def needs_next_page(page: SearchPage, *, asked: Asked) -> bool:
    """Tell whether offers near the lowest may follow a page of a search sorted by total price."""
    groups = _by_finish(_article_offers(page.listings, asked))
    if not groups:
        return True
    return any(_is_level(offers) for offers in groups.values())


def _is_level(offers: Sequence[Listing]) -> bool:
    return all(_total(offer) <= _total(lowest(offers)) * NEAR_LOWEST for offer in offers if offer.price)


def _check_echo(page: SearchPage, asked: Asked) -> None:
    """Check that the answer repeats the question: product, new, to be bought at once, in our currency."""
    name, value = _ECHOED[asked.identifier.kind], asked.identifier.value
    filters = page.echo.get("filter", "")
    wanted = ("buyingOptions:{FIXED_PRICE}", CONDITIONS, f"priceCurrency:{asked.market.currency}")
    if page.echo.get(name, "").strip() != value or not all(part in filters for part in wanted):
        raise EvidenceMissing(detail=f"eBay's answer is not to the search for {asked.identifier}.")


def _article_offers(listings: Sequence[Listing], asked: Asked) -> list[Listing]:
    fixed = [listing for listing in listings if listing.is_fixed_price]
    offers = [listing for listing in fixed if listing.condition_id == NEW]
    offers = offers or [listing for listing in fixed if listing.condition_id == UNGRADED]
    query = ""
    if asked.identifier.kind is IdentifierKind.EPID:
        other = next((offer for offer in offers if offer.epid not in ("", asked.identifier.value)), None)
        if other is not None:
            raise EvidenceMissing(detail=f"eBay answered about product {other.epid[:30]}.")
        offers = [offer for offer in offers if offer.epid]
    elif asked.identifier.kind is IdentifierKind.WORDS:
        query = asked.identifier.value
        offers = [offer for offer in offers if holds_all_words(offer.title, query)]
    peers = [] if query else [offer.title for offer in offers]
    return [offer for offer in offers if not names_something_else(offer.title, query=query, peers=peers)]


def _check_offers(offers: Sequence[Listing], market: Market) -> None:
    for offer in offers:
        if offer.price is None:
            raise UnreadableAnswer(detail=f"eBay's listing {offer.listing_id[:30]} has no price.")
        if offer.currency != market.currency:
            raise EvidenceMissing(
                detail=f"eBay prices {offer.listing_id[:30]} in {offer.currency}, not {market.currency}."
            )


def _price(offer: Listing) -> Decimal:
    if offer.price is None:  # _check_offers was here before
        raise UnreadableAnswer(detail=f"eBay's listing {offer.listing_id[:30]} has no price.")
    return offer.price


def _total(offer: Listing) -> Decimal:
    return (offer.price or Decimal(0)) + (offer.shipping or Decimal(0))


def _record(
    quotes: tuple[Quote, ...], *, best: Listing, responses: Sequence[Response], asked: Asked, selector: str
) -> ScrapedPrice:
    level, quality = _TRUST[asked.identifier.kind]
    return ScrapedPrice(
        external_id=asked.identifier.text,
        currency=best.currency,
        quotes=quotes,
        evidence=Evidence(product_id=_stated_id(best, asked), currency=best.currency, selector=selector),
        route=Route.API,
        source_url=responses[0].url,
        fetched_at=responses[0].fetched_at,
        payload_sha256=sha256(b"".join(response.body for response in responses)).hexdigest(),
        parser=PARSER,
        title=best.title,
        confidence_level=level,
        quality=quality,
    )


def _stated_id(best: Listing, asked: Asked) -> str:
    """Return the id as the answer states it; a search by bar code or words only repeats the question."""
    stated = {IdentifierKind.ITEM: best.listing_id, IdentifierKind.EPID: best.epid}
    return asked.identifier.stated_as(stated.get(asked.identifier.kind, asked.identifier.value))
