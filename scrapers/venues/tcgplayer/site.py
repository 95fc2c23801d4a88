"""The page route: the JSON behind TCGplayer's site. Off until an operator acknowledges the site's terms.

Everything about one product takes three calls: its details, its cheapest listings and its sales by day (or,
where there is no history, its latest sales). Confidence is medium: the calls are
undocumented and change without notice.
"""

import logging
from collections.abc import AsyncIterator
from decimal import Decimal
from typing import Any, ClassVar, Final
from urllib.parse import urlencode

from pricing.choices import ConfidenceLevel, Route
from scrapers.base import BaseScraper
from scrapers.errors import FetchFailed, NotListed, RequestRejected
from scrapers.http.messages import Response
from scrapers.records import Evidence, Sale, ScrapedPrice, SearchHit
from scrapers.text import clean_text
from scrapers.venues.numbers import checked_id, id_text

from .sales import RANGE, parse_history, parse_latest_sales
from .site_answers import (
    Details,
    lowest_offers,
    parse_details,
    parse_listings,
    parse_search,
    refuse_errors,
    statistics,
)
from .site_requests import END_OF_PAGING, MAX_SIZE, latest_sales_body, listings_body, search_body
from .vocabulary import CURRENCY, GAMES, SOURCE

logger = logging.getLogger(__name__)

PARSER: Final = "tcgplayer.site/1"
QUALITY: Final = Decimal("0.80")
_SAID_IN_JSON: Final = frozenset({400})


class TcgplayerSite(BaseScraper):
    """Offers, statistics and sales of single products, and searches."""

    source: ClassVar[str] = SOURCE
    code: ClassVar[str] = "site"
    route: ClassVar[Route] = Route.PAGE
    offers: ClassVar[frozenset[str]] = frozenset({"product", "sales", "search"})

    async def scrape_product_price(self, product_id: str) -> ScrapedPrice | None:
        """Return lowest offers by version and condition, market price, median and the sales of a month.

        Returns:
            None if nothing is on offer, nothing was sold, and there is no market price.

        Raises:
            FetchFailed: why there is no price.
        """
        product_id = checked_id(product_id, venue="TCGplayer")
        search = self.url("tcgplayer_search")
        answer = await self._read(f"{search}/v2/product/{product_id}/details")
        details = parse_details(answer.body, product_id=product_id)
        listed = await self._ask(f"{search}/v1/product/{product_id}/listings", listings_body())
        offers = parse_listings(listed.body, product_id=product_id)
        lowest = lowest_offers(offers, is_sealed=details.sealed)
        quotes = (*statistics(details, lowest=lowest), *lowest)
        sales = await self._sales_if_told(product_id, details)
        if not quotes and not sales:
            return None
        return ScrapedPrice(
            external_id=product_id,
            currency=CURRENCY,
            quotes=quotes,
            evidence=Evidence(product_id, CURRENCY, "details marketPrice; listings results[].price"),
            route=self.route,
            source_url=listed.url,
            fetched_at=listed.fetched_at,
            payload_sha256=listed.sha256,
            parser=PARSER,
            title=clean_text(details.productName),
            sales=sales,
            confidence_level=ConfidenceLevel.MEDIUM,
            quality=QUALITY,
        )

    async def search_products(self, query: str) -> list[SearchHit]:
        """Return the best 50 hits among our games.

        Raises:
            FetchFailed: why there is no answer.
        """
        games = {"productLineName": [game.url_name for game in GAMES]}
        hits, _ = await self._search(query, start=0, filters=games)
        return hits

    async def products_of_set(self, game: str, set_name: str) -> AsyncIterator[SearchHit]:
        """Yield every product of one set, page by page. Larger searches fail near row 10,000: no set is.

        Args:
            game: our category.
            set_name: as in the site's addresses, such as `team-rocket`.

        Raises:
            FetchFailed: why a page is missing.
        """
        lines = [entry.url_name for entry in GAMES if entry.category == game]
        filters = {"productLineName": lines, "setName": [set_name]}
        for start in range(0, END_OF_PAGING - MAX_SIZE + 1, MAX_SIZE):
            hits, total = await self._search("", start=start, filters=filters)
            for hit in hits:
                yield hit
            if not hits or start + MAX_SIZE >= total:
                return

    async def _search(
        self, query: str, *, start: int, filters: dict[str, list[str]]
    ) -> tuple[list[SearchHit], int]:
        algorithm = self.configuration.options["TCGPLAYER_SEARCH_ALGORITHM"]
        body = search_body(algorithm=algorithm, start=start, filters=filters)
        words = urlencode({"q": query, "isList": "false"})
        answer = await self._ask(f"{self.url('tcgplayer_search')}/v1/search/request?{words}", body)
        return parse_search(answer.body)

    async def _sales_if_told(self, product_id: str, details: Details) -> tuple[Sale, ...]:
        """Return the sales, or none if their host fails: the prices are good without them."""
        try:
            return await self._sales(product_id, details)
        except FetchFailed as error:
            logger.warning("tcgplayer.sales_missing", extra={"product_id": product_id, "code": error.code})
            return ()

    async def _sales(self, product_id: str, details: Details) -> tuple[Sale, ...]:
        """Return a month of daily sales; a product without any has no history at the venue."""
        url = f"{self.url('tcgplayer_history')}/price/history/{product_id}/detailed?range={RANGE}"
        skus = {id_text(sku.sku, name="sku") for sku in details.skus}
        today = self.clock.now().date()
        try:
            answer = await self._read(url)
            found = parse_history(answer.body, skus=skus, today=today)
        except NotListed:
            found = None
        if found is not None:
            return found
        url = f"{self.url('tcgplayer_mpapi')}/v2/product/{product_id}/latestsales"
        return parse_latest_sales((await self._ask(url, latest_sales_body())).body, today=today)

    async def _read(self, url: str) -> Response:
        answer = await self.session.get(url, accept_statuses=_SAID_IN_JSON)
        return _accepted(answer)

    async def _ask(self, url: str, body: dict[str, Any]) -> Response:
        answer = await self.session.post(url, json=body, is_safe=True, accept_statuses=_SAID_IN_JSON)
        return _accepted(answer)


def _accepted(answer: Response) -> Response:
    """Return an answer that was not refused; the site says in JSON what it does not like."""
    if answer.status == 400:
        refuse_errors(answer.body, name="request")
        raise RequestRejected(detail=f"TCGplayer calls the request to {answer.url} wrong.")
    return answer
