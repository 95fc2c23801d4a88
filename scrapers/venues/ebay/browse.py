"""eBay's official API: asks of one article by the Browse API, with OAuth client credentials.

One search asks for new articles that can be bought at once, the cheapest first, so that the first page nearly
always tells the lowest ask and how many sellers stand beside it. A filter that eBay ignored is an error.
"""

import base64
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import msgspec

from common.clock import Clock
from pricing.choices import Route
from scrapers.base import BaseScraper, Configuration
from scrapers.errors import CredentialsRefused, RequestRejected
from scrapers.http.messages import Response
from scrapers.records import ScrapedPrice, SearchHit
from scrapers.tokens import PROCESS_TOKENS, BearerToken, TokenCache

from .asks import CONDITIONS, Asked, needs_next_page, parse_asks, parse_listing
from .identifiers import SEARCH_PREFIX, IdentifierKind, parse_identifier
from .listings import Listing, parse_search, raise_error
from .markets import find_market

if TYPE_CHECKING:
    from scrapers.http import PoliteSession

SCOPE: Final = "https://api.ebay.com/oauth/api_scope"
MAX_LIMIT: Final = 200  # results of a page
MAX_RESULTS: Final = 10_000  # eBay shows no more of any search
MAX_PAGES: Final = 3  # a product with more offers than this at one price has enough
HITS: Final = 50
LEAST_PRICE: Final = "0.40"  # below are samples and mistakes; the filter also makes eBay name the currency

_FAILURES: Final = frozenset({400, 404, 409})  # their bodies say which error it is


class _Token(msgspec.Struct):
    access_token: str
    expires_in: int


class _TokenError(msgspec.Struct):
    error: str = ""


class EbayBrowse(BaseScraper):
    """Lowest asks, listings and search by eBay's Browse API."""

    source = "ebay"
    code = "browse"
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
        self.market = find_market(configuration.options.get("EBAY_MARKETPLACE", "EBAY_US"))
        self._tokens = PROCESS_TOKENS if tokens is None else tokens

    def ids_to_ask(self, external_ids: Sequence[str]) -> Sequence[str]:
        """Return ids of the product or a listing; a search by words only if there is no better one."""
        exact = [text for text in external_ids if not text.startswith(SEARCH_PREFIX)]
        return exact or external_ids

    async def scrape_product_price(self, product_id: str) -> ScrapedPrice | None:
        """Return the lowest ask for a product, bar code, listing or search (see `identifiers`).

        Raises:
            FetchFailed: `RequestRejected` for a bad identifier or an ignored filter, `EvidenceMissing` if the
                answer is not about the article, and what the session raises.
        """
        asked = Asked(parse_identifier(product_id), self.market)
        if asked.identifier.kind is IdentifierKind.ITEM:
            response = await self._call(
                "/buy/browse/v1/item/get_item_by_legacy_id", {"legacy_item_id": asked.identifier.value}
            )
            return parse_listing(response, asked=asked, now=self.clock.now())
        responses: list[Response] = []
        for number in range(MAX_PAGES):
            query = {
                asked.identifier.kind.value: asked.identifier.value,
                "filter": offer_filter(self.market.currency, least_price=LEAST_PRICE),
                "sort": "price",
                **paging(limit=MAX_LIMIT, offset=number * MAX_LIMIT),
            }
            responses.append(await self._search(query))
            page = parse_search(responses[-1])
            is_last = (number + 1) * MAX_LIMIT >= page.total or not page.listings
            if is_last or not needs_next_page(page, asked=asked):
                break
        return parse_asks(responses, asked=asked)

    async def search_products(self, query: str) -> list[SearchHit]:
        """Return what is on offer for some words, products before single listings, eBay's order otherwise."""
        words = " ".join(query.split())[:100]
        if not words:
            return []
        response = await self._search(
            {
                "q": words,
                "filter": offer_filter(self.market.currency, least_price=LEAST_PRICE),
                **paging(limit=HITS, offset=0),
            }
        )
        hits: dict[str, SearchHit] = {}
        for listing in parse_search(response).listings:
            hit = _hit(listing)
            hits.setdefault(hit.external_id, hit)
        return sorted(hits.values(), key=lambda hit: hit.external_id.startswith("item:"))

    async def _search(self, query: Mapping[str, str]) -> Response:
        response = await self._call("/buy/browse/v1/item_summary/search", query)
        if response.status >= 400:
            raise_error(response)
        return response

    async def _call(self, path: str, query: Mapping[str, str]) -> Response:
        """Call the API; a refused token is renewed once and the call repeated once."""
        key = (self.url("ebay_api"), self.configuration.credentials.get("EBAY_CLIENT_ID", ""), SCOPE)
        token = await self._tokens.get(key, self._fetch_token)
        try:
            return await self._get(path, query, token)
        except CredentialsRefused:
            self._tokens.forget(key, token)
            return await self._get(path, query, await self._tokens.get(key, self._fetch_token))

    async def _get(self, path: str, query: Mapping[str, str], token: str) -> Response:
        return await self.session.get(
            self.url("ebay_api") + path,
            params=dict(query),
            headers={
                "Authorization": f"Bearer {token}",
                "X-EBAY-C-MARKETPLACE-ID": self.market.code,
                "X-EBAY-C-ENDUSERCTX": f"contextualLocation=country%3D{self.market.country}",
            },
            accept_statuses=_FAILURES,
        )

    async def _fetch_token(self) -> BearerToken:
        client = self.configuration.credentials.get("EBAY_CLIENT_ID", "")
        secret = self.configuration.credentials.get("EBAY_CLIENT_SECRET", "")
        basic = base64.b64encode(f"{client}:{secret}".encode()).decode("ascii")
        response = await self.session.post(
            self.url("ebay_api") + "/identity/v1/oauth2/token",
            form={"grant_type": "client_credentials", "scope": SCOPE},
            headers={"Authorization": f"Basic {basic}"},
            is_safe=True,
            accept_statuses=frozenset({400, 401}),
        )
        return parse_token(response)


def parse_token(response: Response) -> BearerToken:
    """Read the answer of the token address.

    Raises:
        CredentialsRefused: if eBay does not accept the client; its word for why is in the message.
        UnreadableAnswer: if it is not such an answer.
    """
    if response.status >= 400:
        refusal = response.decode(_TokenError).error[:60]
        raise CredentialsRefused(detail=f"eBay gives no token: {refusal or response.status}.")
    answer = response.decode(_Token)
    if not answer.access_token:
        raise CredentialsRefused(detail="eBay gave an empty token.")
    return BearerToken(answer.access_token, response.fetched_at + timedelta(seconds=answer.expires_in))


def offer_filter(currency: str, *, least_price: str = "") -> str:
    """Return the filter for new articles (and ungraded single cards) that can be bought at once.

    Args:
        currency: of the price bound; eBay ignores a price filter without it (warning 12012).
        least_price: lower bound, in that currency.
    """
    price = f"price:[{least_price}..]," if least_price else ""
    return f"buyingOptions:{{FIXED_PRICE}},{CONDITIONS},{price}priceCurrency:{currency}"


def paging(*, limit: int, offset: int) -> dict[str, str]:
    """Return the parameters of one page.

    Raises:
        RequestRejected: for what eBay would refuse: more than 200 a page, an offset that is no multiple of
            the limit, or results after the 10,000th. No call is spent on it.
    """
    if not 1 <= limit <= MAX_LIMIT or offset < 0 or offset % limit or offset + limit > MAX_RESULTS:
        raise RequestRejected(
            "bad_paging", f"eBay has no page of {limit} results from {offset}.", {"error_ids": [12515]}
        )
    return {"limit": str(limit), "offset": str(offset)}


def _hit(listing: Listing) -> SearchHit:
    return SearchHit(
        external_id=f"epid:{listing.epid}" if listing.epid else f"item:{listing.listing_id}",
        name=listing.title,
        url=listing.url,
        image_url=listing.image_url,
        price=listing.price,
        currency=listing.currency,
    )
