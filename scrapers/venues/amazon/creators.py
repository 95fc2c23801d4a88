"""Amazon's official route: the Creators API for associates (the Product Advertising API is gone)."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from common.clock import Clock
from pricing.choices import Route
from scrapers.base import BaseScraper, Configuration
from scrapers.errors import CredentialsRefused, NotListed, RequestRejected
from scrapers.http.messages import Response
from scrapers.records import ScrapedPrice, SearchHit
from scrapers.tokens import PROCESS_TOKENS, TokenCache

from .items import failure_reason, parse_hits, parse_item, raise_failure
from .login import fetch_token, read_client
from .marketplaces import check_asin, find_marketplace

if TYPE_CHECKING:
    from scrapers.http import PoliteSession

MAX_IDS: Final = 10  # articles of one getItems call
RESOURCES: Final = (
    "itemInfo.title",
    "offersV2.listings.availability",
    "offersV2.listings.condition",
    "offersV2.listings.isBuyBoxWinner",
    "offersV2.listings.price",
)
_ANSWERED: Final = frozenset({400, 403, 404})


class AmazonCreators(BaseScraper):
    """Prices of new articles and search, by ASIN.

    Raises:
        RetiredInterface: on construction, if a key of the Product Advertising API is configured.
        SourceNotReady: on construction, if the marketplace or the credential version is unknown.
    """

    source = "amazon"
    code = "creators"
    route = Route.API
    offers = frozenset({"product", "search"})

    def __init__(
        self,
        session: "PoliteSession",
        configuration: Configuration,
        *,
        clock: Clock | None = None,
        tokens: TokenCache | None = None,
    ) -> None:
        super().__init__(session, configuration, clock=clock)
        options = configuration.options
        self.marketplace = find_marketplace(options.get("AMAZON_MARKETPLACE", "www.amazon.com"))
        self._client = read_client(
            configuration.credentials, options, login_url=configuration.urls.get("amazon_login", "")
        )
        self._tokens = PROCESS_TOKENS if tokens is None else tokens

    async def scrape_product_price(self, product_id: str) -> ScrapedPrice | None:
        """Return the price of the new article with that ASIN, None if nothing is on offer.

        Raises:
            FetchFailed: as `items.parse_item` and the session do.
        """
        response = await self._get_items([check_asin(product_id)])
        return parse_item(response, asin=product_id, marketplace=self.marketplace)

    async def scrape_product_prices(self, product_ids: Sequence[str]) -> dict[str, ScrapedPrice | None]:
        """Return the prices of up to 10 articles with one call; articles that are not listed are left out.

        Raises:
            RequestRejected: for more than 10.
            FetchFailed: as `scrape_product_price` does, for the first article with another problem.
        """
        response = await self._get_items([check_asin(asin) for asin in product_ids])
        found: dict[str, ScrapedPrice | None] = {}
        for asin in product_ids:
            try:
                found[asin] = parse_item(response, asin=asin, marketplace=self.marketplace)
            except NotListed:
                continue
        return found

    async def search_products(self, query: str) -> list[SearchHit]:
        """Return the first ten articles Amazon finds for some words."""
        words = " ".join(query.split())[:200]
        if not words:
            return []
        body = {"keywords": words, "itemCount": 10, "itemPage": 1}
        response = await self._call("searchItems", body)
        if response.status == 400:
            raise_failure(response)
        return parse_hits(response, marketplace=self.marketplace)

    async def _get_items(self, asins: Sequence[str]) -> Response:
        if not 1 <= len(asins) <= MAX_IDS:
            raise RequestRejected("too_many_items", f"Amazon gives 1 to {MAX_IDS} items a call.")
        response = await self._call("getItems", {"itemIds": list(asins), "condition": "New"})
        if response.status >= 400:
            raise_failure(response)
        return response

    async def _call(self, operation: str, body: Mapping[str, object]) -> Response:
        """Call the API; a refused token is renewed once and the call repeated once."""
        key = (self._client.login_url, self._client.client_id, self._client.version)

        async def fetch() -> str:
            return await self._tokens.get(key, lambda: fetch_token(self.session, self._client))

        token = await fetch()
        try:
            return await self._post(operation, body, token)
        except CredentialsRefused:
            self._tokens.forget(key, token)
            return await self._post(operation, body, await fetch())

    async def _post(self, operation: str, body: Mapping[str, object], token: str) -> Response:
        response = await self.session.post(
            f"{self.url('amazon_creators')}/catalog/v1/{operation}",
            json={
                "partnerTag": self.configuration.credentials.get("AMAZON_PARTNER_TAG", ""),
                "resources": list(RESOURCES),
                **body,
            },
            headers={
                "Authorization": self._client.authorization(token),
                "x-marketplace": self.marketplace.name,
            },
            is_safe=True,
            accept_statuses=_ANSWERED,
        )
        if response.status == 403:  # the account may not, which no new token changes
            reason = failure_reason(response) or "access denied"
            raise AssociateRefused(detail=f"Amazon refuses the account: {reason}.")
        return response


class AssociateRefused(RequestRejected):
    """The account is no associate of this marketplace, or has too few sales for the API."""

    default_code = "associate_refused"
