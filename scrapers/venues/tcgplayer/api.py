"""The API route: TCGplayer's official API v1.39, for operators who hold keys (it is closed to new users).

Two weeks' tokens by client credentials; a refused one is renewed once. At most 250 ids in one call; how fast
is the session's business. Prices are in US dollars by the API's documentation.
"""

from collections.abc import Awaitable, Callable, Collection, Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar, Final

from common.clock import Clock
from pricing.choices import Route
from scrapers.base import BaseScraper, Configuration
from scrapers.errors import CredentialsRefused, NotListed, NotOffered
from scrapers.http.messages import Response
from scrapers.records import Evidence, Quote, ScrapedPrice, SearchHit
from scrapers.tokens import PROCESS_TOKENS, BearerToken, TokenCache
from scrapers.venues.numbers import checked_id

from .api_answers import (
    parse_printings,
    parse_product_prices,
    parse_search,
    parse_sku_prices,
    parse_skus,
    parse_token,
)
from .vocabulary import CURRENCY, SOURCE, games_of

if TYPE_CHECKING:
    from scrapers.http import PoliteSession

PARSER: Final = "tcgplayer.api/1"
VERSION: Final = "v1.39.0"
MAX_IDS: Final = 250
MAX_ROWS: Final = 100


class TcgplayerApi(BaseScraper):
    """Prices of products, alone or by the batch, by condition for one product, and a search by name."""

    source: ClassVar[str] = SOURCE
    code: ClassVar[str] = "api"
    route: ClassVar[Route] = Route.API
    offers: ClassVar[frozenset[str]] = frozenset({"product", "search"})

    def __init__(
        self,
        session: "PoliteSession",
        configuration: Configuration,
        *,
        clock: Clock | None = None,
        tokens: TokenCache = PROCESS_TOKENS,
    ) -> None:
        super().__init__(session, configuration, clock=clock)
        self._tokens = tokens
        self._printings: dict[int, dict[int, str]] = {}

    async def scrape_product_price(self, product_id: str) -> ScrapedPrice | None:
        """Return the product's statistics by printing.

        Raises:
            NotListed: if the answer does not name the product.
            FetchFailed: another reason why there is no price.
        """
        product_id = checked_id(product_id, venue="TCGplayer")
        answer = await self._get(f"pricing/product/{product_id}")
        found = parse_product_prices(answer.body, asked={product_id})
        if product_id not in found:
            raise NotListed(detail=f"TCGplayer's API names no prices for product {product_id}.")
        return self._record(product_id, found[product_id], answer, selector="pricing/product results")

    async def scrape_product_prices(self, product_ids: Sequence[str]) -> list[ScrapedPrice]:
        """Return the statistics of many products, 250 in one call.

        Products without offers and products the API does not name are missing from the result.

        Raises:
            FetchFailed: if a call fails; what earlier calls brought is lost.
        """
        records: list[ScrapedPrice] = []
        for ids in _batches([checked_id(product_id, venue="TCGplayer") for product_id in product_ids]):
            answer = await self._get(f"pricing/product/{','.join(ids)}")
            for product_id, quotes in parse_product_prices(answer.body, asked=set(ids)).items():
                record = self._record(product_id, quotes, answer, selector="pricing/product results")
                records.extend([record] if record else [])
        return records

    async def scrape_prices_by_condition(self, product_id: str, *, category: str) -> ScrapedPrice | None:
        """Return lowest offer and market price of every English condition and printing, with shipping.

        Args:
            product_id: TCGplayer's id.
            category: our game: printings are numbered by game.

        Raises:
            FetchFailed: why there is no price.
        """
        product_id = checked_id(product_id, venue="TCGplayer")
        game = next(iter(games_of((category,))), None)
        if game is None:
            raise NotOffered(detail=f"TCGplayer's API knows no game of ours called {category!r}.")
        if game.number not in self._printings:
            answer = await self._get(f"catalog/categories/{game.number}/printings")
            self._printings[game.number] = parse_printings(answer.body)
        answer = await self._get(f"catalog/products/{product_id}", {"includeSkus": "true"})
        title, skus = parse_skus(answer.body, product_id=product_id, printings=self._printings[game.number])
        quotes: list[Quote] = []
        for ids in _batches(tuple(skus)):
            answer = await self._get(f"pricing/sku/{','.join(ids)}")
            quotes.extend(parse_sku_prices(answer.body, skus=skus))
        return self._record(product_id, quotes, answer, selector="pricing/sku results", title=title)

    async def search_products(self, query: str) -> list[SearchHit]:
        """Return products by name, of all configured games.

        Raises:
            FetchFailed: why there is no answer.
        """
        hits: list[SearchHit] = []
        for game in games_of(self.configuration.categories):
            parameters = {
                "categoryId": str(game.number), "productName": query, "getExtendedFields": "true",
                "offset": "0", "limit": str(MAX_ROWS),
            }  # fmt: skip
            try:
                answer = await self._get("catalog/products", parameters)
            except NotListed:  # the API's way to say that nothing was found
                continue
            hits.extend(parse_search(answer.body))
        return hits

    async def _get(self, path: str, parameters: dict[str, str] | None = None) -> Response:
        url = f"{self.url('tcgplayer_api')}/{VERSION}/{path}"

        async def call(token: str) -> Response:
            return await self.session.get(
                url, params=parameters, headers={"Authorization": f"bearer {token}"}
            )

        return await self._authorised(call)

    async def _authorised(self, call: Callable[[str], Awaitable[Response]]) -> Response:
        """Call with a token; a refused one is renewed once."""
        key = (self.url("tcgplayer_api"), self.configuration.credentials["TCGPLAYER_PUBLIC_KEY"])
        token = await self._tokens.get(key, self._new_token)
        try:
            return await call(token)
        except CredentialsRefused:
            self._tokens.forget(key, token)
            return await call(await self._tokens.get(key, self._new_token))

    async def _new_token(self) -> BearerToken:
        form = {
            "grant_type": "client_credentials",
            "client_id": self.configuration.credentials["TCGPLAYER_PUBLIC_KEY"],
            "client_secret": self.configuration.credentials["TCGPLAYER_PRIVATE_KEY"],
        }
        answer = await self.session.post(f"{self.url('tcgplayer_api')}/token", form=form, is_safe=True)
        return parse_token(answer)

    def _record(
        self, product_id: str, quotes: Collection[Quote], answer: Response, *, selector: str, title: str = ""
    ) -> ScrapedPrice | None:
        if not quotes:
            return None
        return ScrapedPrice(
            external_id=product_id,
            currency=CURRENCY,
            quotes=tuple(quotes),
            evidence=Evidence(product_id, CURRENCY, selector),
            route=self.route,
            source_url=answer.url,
            fetched_at=answer.fetched_at,
            payload_sha256=answer.sha256,
            parser=PARSER,
            title=title,
        )


def _batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), MAX_IDS):
        yield ids[start : start + MAX_IDS]
