"""eBay's pages of sold listings: how many copies changed hands, and for what. Opt-in; only with permission.

Nothing here is a price to buy at, so the record has sales and no quotes. A page is only believed to say "none
were sold" if it says so itself; a large page without a readable card means that the markup changed.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Final

from bs4 import BeautifulSoup
from bs4.filter import SoupStrainer

from pricing.choices import ConfidenceLevel, Route
from quant.money import Money
from scrapers.base import BaseScraper
from scrapers.errors import EvidenceMissing, MarkupDrift, UnreadableAnswer
from scrapers.http.messages import Expect, Response
from scrapers.records import Evidence, Sale, ScrapedPrice
from scrapers.text import is_complete, normalise_words

from .asks import Asked
from .cards import Card, CardPage, parse_cards, visible_html
from .identifiers import SEARCH_PREFIX, IdentifierKind, parse_identifier
from .markets import find_market
from .titles import holds_all_words, names_something_else

PARSER: Final = "ebay.sold/1"
FULL_PAGE: Final = 100_000  # characters; a page of this size has results on it
RESULTS: Final = 120  # cards of a page: 60, 120 or 240
QUALITY: Final = Decimal("0.50")
READABLE_SHARE: Final = Decimal("0.5")  # fewer readable cards than this: the markup changed

_NOTHING: Final = (
    "no exact matches found", ">0 results for", ">0</span> results for", "keine exakten treffer gefunden",
    "aucun résultat exact", "aucun résultat correspondant", "nessun risultato esatto",
    "no se han encontrado resultados exactos",
)  # fmt: skip
_USED: Final = frozenset({
    "used", "owned", "open", "opened", "parts", "damaged", "refurbished", "gebraucht", "occasion", "usato",
    "segunda",
})  # fmt: skip


class EbaySoldPages(BaseScraper):
    """Sales of the last 90 days for a search (`q:`), by the pages people see."""

    source = "ebay"
    code = "sold"
    route = Route.PAGE
    offers = frozenset({"sales"})

    def ids_to_ask(self, external_ids: Sequence[str]) -> Sequence[str]:
        """Return searches only: a sold page can be matched by nothing but the words of titles."""
        return [text for text in external_ids if text.startswith(SEARCH_PREFIX)]

    async def scrape_product_price(self, product_id: str) -> ScrapedPrice | None:
        """Return the newest sales for the words of a `q:` identifier, or None if there are none.

        Raises:
            EvidenceMissing: for other identifiers: a sold page can only be matched by the words of titles.
            FetchFailed: as `parse_sales` and the session do.
        """
        identifier = parse_identifier(product_id)
        if identifier.kind is not IdentifierKind.WORDS:
            raise EvidenceMissing(detail="Sold pages can only be searched by words (q:).")
        market = find_market(self.configuration.options.get("EBAY_MARKETPLACE", "EBAY_US"))
        response = await self.session.get(
            self.url("ebay_site") + "/sch/i.html",
            params={
                "_nkw": identifier.value,
                "LH_Sold": "1",
                "LH_Complete": "1",
                "_sop": "13",
                "_ipg": str(RESULTS),
            },
            expect=Expect.HTML,
        )
        return parse_sales(response, asked=Asked(identifier, market))


def parse_sales(response: Response, *, asked: Asked) -> ScrapedPrice | None:
    """Make the record of a page of sold listings.

    Args:
        response: the page.
        asked: a `q:` identifier and the marketplace.

    Returns:
        The sales whose titles hold every word of the query and name nothing else, each listing once a day; a
        price is left out where a best offer was taken, variations differ, or it is in another currency. None
        if the page says itself that nothing matches, or none of its sales is of the article.

    Raises:
        MarkupDrift: if a full page has no card that can be read, or most of its sales cannot be.
        EvidenceMissing: if the page answers another search, or shows no sold listings at all.
        UnreadableAnswer: if the page is cut off.
    """
    page = response.text
    if not is_complete(page):
        raise UnreadableAnswer(detail="eBay's page is cut off.")
    found = parse_cards(page, market=asked.market, today=response.fetched_at.date())
    if _says_nothing(page) and _says_nothing(visible_html(page)):
        return None
    _check_page(page, found, asked)
    sales = {
        (sale.reference, sale.sold_on): sale for card in found.cards for sale in _sales(card, asked=asked)
    }
    if not sales:
        return None
    return ScrapedPrice(
        external_id=asked.identifier.text,
        currency=asked.market.currency,
        quotes=(),
        sales=tuple(sales.values()),
        evidence=Evidence(
            product_id=asked.identifier.text, currency=asked.market.currency, selector="title words, price"
        ),
        route=Route.PAGE,
        source_url=response.url,
        fetched_at=response.fetched_at,
        payload_sha256=response.sha256,
        parser=PARSER,
        confidence_level=ConfidenceLevel.MEDIUM,
        quality=QUALITY,
    )


def _says_nothing(page: str) -> bool:
    folded = page.casefold()
    return any(phrase in folded for phrase in _NOTHING)


def _check_page(page: str, found: CardPage, asked: Asked) -> None:
    readable = [card for card in found.cards if card.listing_id and card.title]
    if not readable:
        if len(page) > FULL_PAGE or found.seen:
            raise MarkupDrift(detail=f"No card of {found.seen} on an eBay page of {len(page)} characters.")
        raise EvidenceMissing(detail="A short eBay page without results does not say that there are none.")
    searched = _searched(page)
    if searched and normalise_words(searched) != normalise_words(asked.identifier.value):
        raise EvidenceMissing(detail=f"eBay's page is not of the search for {asked.identifier}.")
    ended = [card for card in readable if card.is_sold is not None]
    if not ended:
        raise EvidenceMissing(detail="eBay's page shows no sold listings: the filter was ignored.")
    priced = [card for card in ended if card.price is not None and card.ended_on is not None]
    if len(priced) < READABLE_SHARE * len(ended):
        raise MarkupDrift(detail=f"Only {len(priced)} of {len(ended)} sold cards can be read.")


def _searched(page: str) -> str:
    """Return what the page's own search field holds."""
    fields = BeautifulSoup(page[:FULL_PAGE], "lxml", parse_only=SoupStrainer("input", attrs={"name": "_nkw"}))
    field = fields.find("input")
    return str(field.get("value") or "") if field is not None else ""


def _sales(card: Card, *, asked: Asked) -> Sequence[Sale]:
    query = asked.identifier.value
    is_article = holds_all_words(card.title, query) and not names_something_else(card.title, query=query)
    is_used = not _USED.isdisjoint(normalise_words(card.subtitle))
    if not (card.is_sold and card.listing_id and is_article) or is_used:
        return ()
    if card.ended_on is None or card.price is None:
        return ()
    return (_sale(card, card.ended_on, asked.market.currency),)


def _sale(card: Card, sold_on: date, currency: str) -> Sale:
    is_known = (
        isinstance(card.price, Money)
        and card.price.currency == currency
        and card.price.amount > 0
        and not card.is_best_offer
    )
    unit_price = card.price.amount if is_known and isinstance(card.price, Money) else None
    return Sale(reference=card.listing_id, sold_on=sold_on, units=1, unit_price=unit_price)
