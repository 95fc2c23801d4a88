"""Reading the cards of eBay's result pages, in the three markups it serves side by side for one query.

A card is recognised by one class name and its parts by theirs; whatever else a card holds (sellers, scrambled
"Sponsored" letters, struck list prices) is not looked at. BeautifulSoup over lxml reads the page, so quoting,
order and case of attributes do not matter; it is given nothing but the parts, which saves most of the time.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

import msgspec
from bs4 import BeautifulSoup, Tag
from lxml import etree, html  # type: ignore[import-untyped]

from quant.money import Money
from scrapers.amounts import AmountUnclear, PriceRange, parse_price_range
from scrapers.errors import EvidenceMissing, MarkupDrift
from scrapers.text import clean_text

from .dates import parse_end_mark
from .markets import Market

CARD_CLASSES: Final = frozenset({"s-item", "s-card", "su-item-card"})

_CARDS: Final = "//*[" + " or ".join(
    f"contains(concat(' ', normalize-space(@class), ' '), ' {name} ')" for name in sorted(CARD_CLASSES)
) + "]"  # fmt: skip
_ROLES: Final = {
    "s-item__title": "title", "s-card__title": "title", "su-item-card__title": "title",
    "s-card__link": "link_title",
    "s-item__price": "price", "s-card__price": "price", "su-item-card__price": "price",
    "s-item__title--tag": "mark", "s-item__caption": "mark", "s-item__listingDate": "mark",
    "s-item__endedDate": "mark", "s-item__ended-date": "mark", "s-card__caption": "mark", "signal": "mark",
    "s-item__subtitle": "subtitle", "s-card__subtitle": "subtitle", "su-item-card__subtitle": "subtitle",
}  # fmt: skip
_BLOCKS: Final = frozenset({
    "s-item__detail", "s-card__attribute-row", "su-card-container__attributes__primary",
    "su-item-card__price-container", "s-item__purchase-options", "s-item__purchase-options-with-icon",
    "s-item__dynamic",
})  # fmt: skip
"""Rows that are read as a whole: prices side by side in one are the ends of a range."""
_PART_CLASSES: Final = _BLOCKS | frozenset(_ROLES)
_NOISE: Final = frozenset({
    "new listing", "opens in a new window", "opens in a new window or tab", "neues angebot",
    "wird in neuem fenster oder tab geöffnet", "nouvelle annonce", "nuova inserzione", "nuevo anuncio",
    "la page s'ouvre dans une nouvelle fenêtre ou un nouvel onglet",
})  # fmt: skip
_PLACEHOLDERS: Final = frozenset({"shop on ebay"})
_PLACEHOLDER_IDS: Final = frozenset({"123456", "000000000000"})
_BEST_OFFER: Final = (
    "best offer accepted", "preisvorschlag angenommen", "offre acceptée", "offre directe acceptée",
    "proposta accettata", "proposta d'acquisto accettata", "oferta aceptada",
)  # fmt: skip
_INVISIBLE: Final = re.compile(r"<!--.*?-->|<(script|style)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_LISTING: Final = re.compile(r"/itm/(?:[^/?#]+/)?([0-9]{6,19})(?:[/?#]|$)")
_MARKS: Final = {"en": ".", "de": ",", "fr": ",", "it": ",", "es": ",", "nl": ",", "pl": ","}


class Card(msgspec.Struct, frozen=True, gc=False):
    """One listing as a result page shows it, without its seller.

    Args:
        listing_id: eBay's item number; empty if the card names none, or two.
        title: without "New Listing" and the like.
        price: one amount or the range of its variations; None if there is none, it cannot be read, or an
            auction also has a price to buy at once.
        is_sold: True for sold, False for ended without a sale, None where the card does not say.
        ended_on: the day it was sold or ended, never in the future.
        is_best_offer: the seller took less than the price shown.
        subtitle: the condition, mostly.
    """

    listing_id: str
    title: str
    price: Money | PriceRange | None
    is_sold: bool | None = None
    ended_on: date | None = None
    is_best_offer: bool = False
    subtitle: str = ""


class CardPage(msgspec.Struct, frozen=True):
    """The cards of a page. `seen` counts card elements that are no placeholder, readable or not."""

    cards: tuple[Card, ...]
    seen: int


def parse_cards(page: str, *, market: Market, today: date) -> CardPage:
    """Read all cards of a result page in page order; placeholders are left out.

    Args:
        page: the HTML.
        market: what a bare "$" means, and the decimal mark if neither the text nor the page tells.
        today: for dates without a year.
    """
    language = re.search(r"<html[^>]*\blang\s*=\s*[\"']?([a-z]{2})", page[:5000], re.IGNORECASE)
    mark = _MARKS.get(language[1].lower() if language else "", market.decimal_mark)
    parts = _read_parts(page)
    real = [part for part in parts if not part.is_placeholder]
    # an accepted offer that is mentioned where no card is seen to hold it could be any card's
    mentions = sum(_count_offers(part.text) for part in parts)
    is_offer_anywhere = _count_offers(page) > mentions and _count_offers(visible_html(page)) > mentions
    cards = tuple(
        part.card(market=market, decimal_mark=mark, today=today, is_best_offer=is_offer_anywhere)
        for part in real
    )
    return CardPage(cards=cards, seen=len(real))


def _read_parts(page: str) -> list["_Parts"]:
    """Return the parts of each card: lxml finds them, BeautifulSoup is given nothing else to build."""
    try:
        tree = html.document_fromstring(page.encode(), parser=html.HTMLParser(encoding="utf-8"))
    except etree.ParserError:  # nothing that could be a page
        return []
    cards = tree.xpath(_CARDS)
    sources = ("".join(_part_sources(card)) for card in cards)
    soup = BeautifulSoup(
        "".join(f"<section data-card='{number}'>{source}</section>" for number, source in enumerate(sources)),
        "lxml",
        multi_valued_attributes=None,
    )
    sections = soup.find_all("section", attrs={"data-card": True})
    if len(sections) != len(cards):
        raise MarkupDrift(detail=f"{len(cards)} cards of an eBay page read as {len(sections)}.")
    return [
        _Parts(card.get("data-listingid", ""), [tag for tag in section.children if isinstance(tag, Tag)])
        for card, section in zip(cards, sections, strict=True)
    ]


def _part_sources(card: html.HtmlElement) -> Iterator[str]:
    """Yield the source of each part of a card that is in no other part."""
    inside: set[html.HtmlElement] = set()
    for element in card.iterdescendants(etree.Element):
        parent = element.getparent()
        is_part = not _PART_CLASSES.isdisjoint(element.get("class", "").split()) or (
            element.tag == "a" and "/itm/" in element.get("href", "")
        )
        if parent in inside:
            inside.add(element)
        elif is_part:
            inside.add(element)
            yield etree.tostring(element, encoding="unicode", method="html", with_tail=False)


class _Parts:
    """The elements of one card by what they say."""

    def __init__(self, stated_id: str, elements: Sequence[Tag]) -> None:
        self.found: dict[str, list[Tag]] = {}
        self.hrefs: list[str] = []
        for element in elements:
            self._sort(element)
            for tag in element.find_all(True):
                self._sort(tag)
        self.text = " ".join(element.get_text(" ") for element in elements)
        self.title = self._title()
        self.listing_ids = self._listing_ids(stated_id)

    def _sort(self, tag: Tag) -> None:
        if tag.name == "a":
            self.hrefs.append(str(tag.get("href") or ""))
        for name in str(tag.get("class") or "").split():
            if role := _ROLES.get(name):
                self.found.setdefault(role, []).append(tag)
                return

    @property
    def is_placeholder(self) -> bool:
        """Whether this is the "Shop on eBay" card that leads every page."""
        return self.title.casefold() in _PLACEHOLDERS or bool(_PLACEHOLDER_IDS & set(self.listing_ids))

    def card(self, *, market: Market, decimal_mark: str, today: date, is_best_offer: bool) -> Card:
        """Return what the card says."""
        end = parse_end_mark(" ".join(_text(tag) for tag in self.found.get("mark", ())), today=today)
        return Card(
            listing_id=self.listing_ids[0] if len(self.listing_ids) == 1 else "",
            title=self.title,
            price=self._price(market, decimal_mark),
            is_sold=end.is_sold,
            ended_on=end.on,
            is_best_offer=is_best_offer or self._is_best_offer(),
            subtitle=clean_text(" ".join(_text(tag) for tag in self.found.get("subtitle", ()))),
        )

    def _title(self) -> str:
        for role in ("title", "link_title"):
            for tag in self.found.get(role, ()):
                strings = [string for string in tag.stripped_strings if string.casefold() not in _NOISE]
                if strings:
                    return clean_text(" ".join(strings))
        return ""

    def _listing_ids(self, stated_id: str) -> list[str]:
        linked = [match[1] for href in self.hrefs if (match := _LISTING.search(href))]
        return sorted({number for number in (stated_id, *linked) if number})

    def _price(self, market: Market, decimal_mark: str) -> Money | PriceRange | None:
        rows = list(self._price_rows())
        if len(rows) != 1:
            return None
        try:
            return parse_price_range(rows[0], currency=market.currency)
        except AmountUnclear:
            pass
        except EvidenceMissing:
            return None
        try:
            return parse_price_range(rows[0], currency=market.currency, decimal_mark=decimal_mark)
        except (AmountUnclear, EvidenceMissing):
            return None

    def _price_rows(self) -> Iterator[str]:
        """Yield the text of each row of prices: the two ends of a range are siblings in one row."""
        rows: dict[int, list[str]] = {}
        for tag in self.found.get("price", ()):
            rows.setdefault(id(tag.parent), []).append(_text(tag))
        for texts in rows.values():
            yield " ".join(texts)

    def _is_best_offer(self) -> bool:
        struck = any(
            "strikethrough" in name.casefold()
            for tag in self.found.get("price", ())
            for part in (tag, *tag.find_all(True))
            for name in str(part.get("class") or "").split()
        )
        return struck or _count_offers(self.text) > 0


def visible_html(page: str) -> str:
    """Return a page without comments, scripts and styles, for looking for words people would see."""
    return _INVISIBLE.sub(" ", page)


def _count_offers(text: str) -> int:
    folded = text.casefold()
    return sum(folded.count(phrase) for phrase in _BEST_OFFER)


def _text(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())
