"""The API route: Cardmarket's API 2.0, for operators with tokens (access of private users was revoked).

Every attempt is signed anew (`oauth`), because a nonce is taken once. One product takes its own call and up
to three pages of its cheapest offers; the daily allowance of calls is the scheduler's to spend. Amounts are
in EUR.
"""

import secrets
from collections.abc import Mapping
from typing import ClassVar, Final

from pricing.choices import Route
from scrapers.base import BaseScraper
from scrapers.http.messages import Response
from scrapers.records import Evidence, Quote, ScrapedPrice, SearchHit
from scrapers.text import clean_text
from scrapers.venues.numbers import checked_id

from .api_answers import (
    Article,
    Product,
    guide_quotes,
    lowest_offers,
    parse_articles,
    parse_found,
    parse_product,
    refuse_errors,
)
from .oauth import Credentials, authorization_header
from .vocabulary import CURRENCY, SOURCE, games_of

PARSER: Final = "cardmarket.api/1"
ROOT: Final = "/ws/v2.0/output.json"
PAGE_SIZE: Final = 100
MAX_PAGES: Final = 3
MIN_SEARCH: Final = 4  # characters; the API refuses shorter ones
_SAID_IN_JSON: Final = frozenset({400})


class CardmarketApi(BaseScraper):
    """Price guide and offers of single products, and a search by name."""

    source: ClassVar[str] = SOURCE
    code: ClassVar[str] = "api"
    route: ClassVar[Route] = Route.API
    offers: ClassVar[frozenset[str]] = frozenset({"product", "search"})

    async def scrape_product_price(self, product_id: str) -> ScrapedPrice | None:
        """Return the product's statistics, and its lowest English offers by version and condition.

        Raises:
            NotListed: if Cardmarket does not know the product.
            CredentialsRefused: if it does not accept the tokens; a signature cannot be renewed.
            FetchFailed: another reason why there is no price.
        """
        product_id = checked_id(product_id, venue="Cardmarket")
        answer = await self._get(f"/products/{product_id}")
        product = parse_product(answer.body, product_id=product_id)
        articles, is_complete = await self._articles(product_id)
        lowest = lowest_offers(articles, is_sealed=product.is_sealed, is_complete=is_complete)
        quotes = _together(product, guide_quotes(product), lowest)
        if not quotes:
            return None
        return ScrapedPrice(
            external_id=product_id,
            currency=CURRENCY,
            quotes=quotes,
            evidence=Evidence(product_id, CURRENCY, "product.priceGuide; article[].price"),
            route=self.route,
            source_url=answer.url,
            fetched_at=answer.fetched_at,
            payload_sha256=answer.sha256,
            parser=PARSER,
            title=clean_text(product.enName),
        )

    async def search_products(self, query: str) -> list[SearchHit]:
        """Return products by English name, of all configured games.

        Raises:
            RequestRejected: if the query is too short for the venue, among others.
            FetchFailed: another reason why there is no answer.
        """
        hits: list[SearchHit] = []
        for game in games_of(self.configuration.categories):
            answer = await self._get(
                "/products/find",
                {
                    "search": query,
                    "exact": "true" if len(query) < MIN_SEARCH else "false",
                    "idGame": str(game.number),
                    "idLanguage": "1",
                    "start": "0",
                    "maxResults": str(PAGE_SIZE),
                },
            )
            hits.extend(parse_found(answer.body))
        return hits

    async def _articles(self, product_id: str) -> tuple[list[Article], bool]:
        """Return the first offers, and whether these are all there are."""
        found: list[Article] = []
        for page in range(MAX_PAGES):
            parameters = {
                "start": str(page * PAGE_SIZE), "maxResults": str(PAGE_SIZE), "idLanguage": "1",
                "isSigned": "false", "isAltered": "false",
            }  # fmt: skip
            answer = await self._get(f"/articles/{product_id}", parameters)
            articles = parse_articles(answer.body, product_id=product_id)
            found.extend(articles)
            if len(articles) < PAGE_SIZE:
                return found, True
        return found, False

    async def _get(self, path: str, parameters: Mapping[str, str] | None = None) -> Response:
        url = f"{self.url('cardmarket_api')}{ROOT}{path}"

        def sign() -> dict[str, str]:
            header = authorization_header(
                "GET",
                url,
                parameters or {},
                credentials=self._credentials,
                nonce=secrets.token_hex(16),
                timestamp=int(self.clock.now().timestamp()),
            )
            return {"Authorization": header}

        answer = await self.session.get(url, params=parameters, accept_statuses=_SAID_IN_JSON, sign=sign)
        refuse_errors(answer.body)
        return answer

    @property
    def _credentials(self) -> Credentials:
        given = self.configuration.credentials
        return Credentials(
            given["CARDMARKET_APP_TOKEN"],
            given["CARDMARKET_APP_SECRET"],
            given.get("CARDMARKET_ACCESS_TOKEN", ""),
            given.get("CARDMARKET_ACCESS_TOKEN_SECRET", ""),
        )


def _together(product: Product, guide: tuple[Quote, ...], lowest: tuple[Quote, ...]) -> tuple[Quote, ...]:
    """Return both; of a sealed product the offers' lowest ask replaces the guide's, having depth."""
    if not (product.is_sealed and lowest):
        return (*guide, *lowest)
    replaced = {quote.price_type for quote in lowest}
    return (*(quote for quote in guide if quote.price_type not in replaced), *lowest)
