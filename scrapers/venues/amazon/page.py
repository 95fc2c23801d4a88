"""Amazon's product and search pages, for operators who have Amazon's permission. Opt-in.

Block pages never get here: the session recognises them. What is left must prove itself: the article's own
title and id, one price in the marketplace's currency, or words that say that there is none to buy.
"""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from bs4 import BeautifulSoup, Tag
from bs4.element import NamespacedAttribute
from bs4.filter import SoupStrainer

from pricing.choices import ConfidenceLevel, PriceType, Route
from scrapers.amounts import AmountUnclear, parse_price_text
from scrapers.base import BaseScraper
from scrapers.errors import EvidenceMissing, MarkupDrift, UnreadableAnswer
from scrapers.http.messages import Expect, Response
from scrapers.records import Evidence, Quote, ScrapedPrice, SearchHit
from scrapers.text import clean_text, is_complete

from .blocks import PRICE_BLOCK, PageParts, read_price
from .marketplaces import Marketplace, check_asin, find_marketplace

PARSER: Final = "amazon.page/1"
QUALITY: Final = Decimal("0.60")
FULL_PAGE: Final = 100_000  # characters
_SELECTOR: Final = f"#{PRICE_BLOCK} .priceToPay"

_UNAVAILABLE: Final = (
    "currently unavailable", "out of stock", "not available", "we don't know when", "derzeit nicht verfügbar",
    "nicht auf lager", "actuellement indisponible", "temporairement en rupture", "non disponibile",
    "no disponible", "niet beschikbaar", "在庫切れ", "お取り扱いできません",
)  # fmt: skip
_ONLY_LEFT: Final = re.compile(
    r"(?:only|nur noch|plus que|solo|sólo quedan|nog slechts|残り) ?([0-9]{1,3})\b", re.IGNORECASE
)


class AmazonPages(BaseScraper):
    """The featured offer of a product page, and search, by the pages people see."""

    source = "amazon"
    code = "page"
    route = Route.PAGE
    offers = frozenset({"product", "search"})

    @property
    def marketplace(self) -> Marketplace:
        """Return the configured marketplace.

        Raises:
            SourceNotReady: if it is unknown.
        """
        return find_marketplace(self.configuration.options.get("AMAZON_MARKETPLACE", "www.amazon.com"))

    async def scrape_product_price(self, product_id: str) -> ScrapedPrice | None:
        """Return the price of the featured offer of an ASIN, None if the page says there is none.

        Raises:
            FetchFailed: as `parse_product_page` and the session do.
        """
        url = f"{self.url('amazon_site')}/dp/{check_asin(product_id)}"
        response = await self.session.get(url, expect=Expect.HTML)
        return parse_product_page(response, asin=product_id, marketplace=self.marketplace)

    async def search_products(self, query: str) -> list[SearchHit]:
        """Return the articles of the first page of a search, without sponsored ones."""
        words = " ".join(query.split())[:200]
        if not words:
            return []
        response = await self.session.get(
            f"{self.url('amazon_site')}/s", params={"k": words}, expect=Expect.HTML
        )
        return parse_search_page(response, marketplace=self.marketplace)


def parse_product_page(response: Response, *, asin: str, marketplace: Marketplace) -> ScrapedPrice | None:
    """Make the record of a product page.

    Returns:
        The featured offer; None if the page says that nothing new can be bought.

    Raises:
        MarkupDrift: if a full page has no title or id, or neither price nor a word on availability.
        EvidenceMissing: if it is another article's page, or the price cannot be believed (see `blocks`).
        UnreadableAnswer: if the page is cut off.
    """
    page = response.text
    if not is_complete(page):
        raise UnreadableAnswer(detail="Amazon's page is cut off.")
    parts = PageParts(page)
    title = clean_text(parts.title)
    if not title or not parts.asins:
        kind = MarkupDrift if len(page) > FULL_PAGE else EvidenceMissing
        raise kind(detail="Amazon's page has no product title or no ASIN.")
    if parts.asins != {asin}:
        raise EvidenceMissing(
            detail=f"Amazon's page is of {', '.join(sorted(parts.asins))[:60]}, not {asin}."
        )
    availability = clean_text(parts.availability).casefold()
    if parts.is_used_only or any(phrase in availability for phrase in _UNAVAILABLE):
        return None
    money = read_price(parts, marketplace=marketplace)
    if money is None:
        raise MarkupDrift(detail="Amazon's page has neither a price block nor says that there is no offer.")
    left = _ONLY_LEFT.search(availability)
    quote = Quote(
        amount=money.amount, price_type=PriceType.LOW, available_quantity=int(left[1]) if left else None
    )
    return ScrapedPrice(
        external_id=asin,
        currency=money.currency,
        quotes=(quote,),
        evidence=Evidence(product_id=asin, currency=money.currency, selector=_SELECTOR),
        route=Route.PAGE,
        source_url=response.url,
        fetched_at=response.fetched_at,
        payload_sha256=response.sha256,
        parser=PARSER,
        title=title,
        confidence_level=ConfidenceLevel.MEDIUM,
        quality=QUALITY,
    )


_Attributes = Mapping[str | NamespacedAttribute, str]


class _ResultsFilter(SoupStrainer):
    """Lets BeautifulSoup build only the results of a search page."""

    def allow_tag_creation(self, nsprefix: str | None, name: str, attrs: _Attributes | None) -> bool:
        """Tell whether an element outside of any result is one."""
        return (attrs or {}).get("data-component-type") in ("s-search-result", "sp-sponsored-result")

    def allow_string_creation(self, string: str) -> bool:
        """Leave out text between results."""
        return False


def parse_search_page(response: Response, *, marketplace: Marketplace) -> list[SearchHit]:
    """Read the results of a search page in page order; sponsored rows are dropped.

    Raises:
        MarkupDrift: if a full page has no result at all and does not say so.
    """
    page = response.text
    soup = BeautifulSoup(page, "lxml", parse_only=_ResultsFilter(), multi_valued_attributes=None)
    results = [child for child in soup.contents if isinstance(child, Tag)]
    if not results and len(page) > FULL_PAGE and "no results for" not in page.casefold():
        raise MarkupDrift(detail=f"No result on an Amazon page of {len(page)} characters.")
    hits = [hit for tag in results if (hit := _hit(tag, marketplace)) is not None]
    return list({hit.external_id: hit for hit in hits}.values())


def _hit(result: Tag, marketplace: Marketplace) -> SearchHit | None:
    asin = str(result.get("data-asin") or "")
    names = {name for tag in (result, *result.find_all(True)) for name in str(tag.get("class") or "").split()}
    is_sponsored = (
        result.get("data-component-type") != "s-search-result"
        or "AdHolder" in names
        or any("sponsored-label" in name for name in names)
    )
    heading = result.find("h2")
    name = clean_text(heading.get_text(" ")) if isinstance(heading, Tag) else ""
    if is_sponsored or not name or not re.fullmatch("[A-Z0-9]{10}", asin):
        return None
    price = _result_price(result, marketplace)
    return SearchHit(
        external_id=asin,
        name=name,
        url=f"https://{marketplace.name}/dp/{asin}",
        price=price,
        currency=marketplace.currency if price is not None else "",
    )


def _result_price(result: Tag, marketplace: Marketplace) -> Decimal | None:
    """Return the first price that is neither struck nor per unit; a suggestion may do without."""
    for tag in result.find_all("span"):
        classes = str(tag.get("class") or "").split()
        if "a-price" not in classes or "a-text-price" in classes:
            continue
        shown = next((part for part in tag.find_all("span") if part.get("class") == "a-offscreen"), None)
        try:
            money = parse_price_text(
                shown.get_text() if shown else "",
                currency=marketplace.currency,
                decimal_mark=marketplace.decimal_mark,
            )
        except (AmountUnclear, EvidenceMissing):
            continue
        return money.amount if money.currency == marketplace.currency and money.amount else None
    return None
