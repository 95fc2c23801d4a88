"""Reloadly: a token, pages of products, fixed denominations. It sells to us, so its prices are asks.

An order costs the sender's face plus the sender fee. Its discount is reported beside the amount and was not
taken off in the recorded orders (17.45 = 16.95 + 0.50, discount 0.49 beside it), so it is not taken off here
unless the market's field map says `{"discount": "subtract"}`: for accounts whose statements show that it is.
Products with a free denomination (RANGE) have no price list and are refused with a count.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from yarl import URL

from scrapers.choices import MarketSide
from scrapers.errors import CredentialsRefused, MarkupDrift, UnreadableAnswer

from .checks import (
    Refused,
    at_path,
    brand_of,
    currency_of,
    face_of,
    number_of,
    price_of,
    quote_id_of,
    region_of,
)
from .client import DeskClient
from .connector import Clock
from .market import Market
from .reading import CardQuote, Reading

ACCEPT: Final = "application/com.reloadly.giftcards-v1+json"
REAL_LOGIN: Final = "https://auth.reloadly.com"
PAGE_SIZE: Final = 200
MAX_PAGES: Final = 200
_SHORTEST_TOKEN_SECONDS: Final = 60
_RENEW_BEFORE_MS: Final = 60_000


def read_products(rows: Any, market: Market, into: Reading) -> None:
    """Add the quotes of some products.

    Args:
        rows: `content` of a page.
        market: whose answer it is.
        into: what is added to.

    Raises:
        UnreadableAnswer: if it is no list.
        MarkupDrift: if there are products and none can be understood.
    """
    if not isinstance(rows, list):
        raise UnreadableAnswer(detail=f"{market.code} answered a page without a list of products.")
    strange = 0
    for row in rows:
        try:
            _read_product(row, market, into)
        except Refused as refused:
            into.refused[refused.code] += 1
            strange += refused.code in ("item", "brand", "denominations")
    if rows and strange == len(rows):
        raise MarkupDrift(detail=f"{market.code} answered {len(rows)} products and none is understood.")


def _read_product(row: Any, market: Market, into: Reading) -> None:
    if not isinstance(row, Mapping):
        raise Refused("item")
    brand = brand_of(at_path(row, "brand.brandName"))
    if market.brands and brand not in market.brands:
        return
    if row.get("denominationType") == "RANGE":
        raise Refused("range")
    region = region_of(at_path(row, "country.isoName"), default="")
    face_currency = currency_of(row.get("recipientCurrencyCode"), default="")
    if currency_of(row.get("senderCurrencyCode"), default="") != face_currency:
        raise Refused("foreign_price")
    faces = row.get("fixedRecipientToSenderDenominationsMap")
    if not isinstance(faces, Mapping) or not faces:
        raise Refused("denominations")
    quote_id = quote_id_of(row.get("productId"))
    fee, rate = _fee(row.get("senderFee")), _rate(row.get("discountPercentage"), market)
    for face_text, sender_face in faces.items():
        try:
            face = face_of(face_text)
            price = price_of(number_of(sender_face, code="price") * rate + fee, face=face)
        except Refused as refused:
            into.refused[refused.code] += 1
            continue
        into.quotes.append(
            CardQuote(brand, face, face_currency, region, MarketSide.SELL, price, quote_id=quote_id)
        )


def _fee(value: Any) -> Decimal:
    fee = Decimal(0) if value is None else number_of(value, code="fee")
    if fee < 0:
        raise Refused("fee")
    return fee


def _rate(discount: Any, market: Market) -> Decimal:
    """Return what remains of the face after the discount, where it is taken off."""
    if market.field_map.get("discount") != "subtract" or discount is None:
        return Decimal(1)
    percentage = number_of(discount, code="discount")
    if not 0 <= percentage < 50:
        raise Refused("discount")
    return 1 - percentage / 100


class ReloadlyConnector:
    """Asks all pages of the catalogue.

    Args:
        market: `token` is `client_id:client_secret`; `url` the base address of its API.
    """

    def __init__(self, market: Market) -> None:
        self._market = market
        self._token = ""
        self._renew_at_ms = 0

    def urls(self) -> tuple[str, ...]:
        """Return the addresses of its API and of its login."""
        return (self._market.url, self._login())

    def _login(self) -> str:
        """Return where tokens come from: Reloadly has one place for production and sandbox."""
        host = URL(self._market.url).host or ""
        return REAL_LOGIN if host.endswith(".reloadly.com") else self._market.url

    async def read(self, client: DeskClient, *, clock: Clock, max_skew_ms: int) -> Reading:
        """Ask for every page; a token that is refused is renewed once.

        Raises:
            FetchFailed: if a page is missing: half a catalogue would withdraw the other half.
        """
        is_renewed = await self._renew(client, clock)
        try:
            return await self._pages(client, clock)
        except CredentialsRefused:
            self._token = ""
            if is_renewed:
                raise
        await self._renew(client, clock)
        return await self._pages(client, clock)

    async def _pages(self, client: DeskClient, clock: Clock) -> Reading:
        """Ask page after page; pages are numbered from 1 in questions and from 0 in answers.

        An answer that counts like the question means that this API counts from 0: page 0 is asked as well.
        """
        page = await self._page(client, 1)
        reading = Reading(received_ms=clock())
        if page.get("number") == 1:
            read_products((await self._page(client, 0)).get("content"), self._market, reading)
        for number in range(2, MAX_PAGES + 2):
            read_products(page.get("content"), self._market, reading)
            if page.get("last") is not False:
                return reading
            page = await self._page(client, number)
        raise UnreadableAnswer(detail=f"{self._market.code} has more than {MAX_PAGES} pages.")

    async def _page(self, client: DeskClient, number: int) -> Mapping[str, Any]:
        page = await client.get_json(
            f"{self._market.url}/products",
            params={"page": number, "size": PAGE_SIZE},
            headers={"Authorization": f"Bearer {self._token}", "Accept": ACCEPT},
        )
        if not isinstance(page, Mapping):
            raise UnreadableAnswer(detail=f"{self._market.code} answered with something that is no page.")
        return page

    async def _renew(self, client: DeskClient, clock: Clock) -> bool:
        """Get a token unless there is one that lasts; tell whether there is a new one."""
        if self._token and clock() < self._renew_at_ms:
            return False
        client_id, _, secret = self._market.token.reveal().partition(":")
        if not client_id or not secret:
            raise CredentialsRefused(
                detail=f"The token of {self._market.code} is not client_id:client_secret."
            )
        answer = await client.post_json(
            f"{self._login()}/oauth/token",
            body={
                "client_id": client_id,
                "client_secret": secret,
                "grant_type": "client_credentials",
                "audience": self._audience(),
            },
        )
        token, seconds = at_path(answer, "access_token"), at_path(answer, "expires_in")
        if not isinstance(token, str) or not token or not isinstance(seconds, int) or seconds <= 0:
            raise UnreadableAnswer(detail=f"The login of {self._market.code} answered without a token.")
        self._token = token
        self._renew_at_ms = clock() + max(_SHORTEST_TOKEN_SECONDS, seconds) * 1_000 - _RENEW_BEFORE_MS
        return True

    def _audience(self) -> str:
        host = URL(self._market.url).host or ""
        return f"https://{host}" if host.endswith(".reloadly.com") else "https://giftcards.reloadly.com"
