"""Tokens of Amazon's Creators API: two generations of credentials, each with its own address and form."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Final

import msgspec

from scrapers.errors import CredentialsRefused, RetiredInterface, SourceNotReady
from scrapers.http.messages import Response
from scrapers.text import clean_text
from scrapers.tokens import BearerToken

if TYPE_CHECKING:
    from scrapers.http import PoliteSession

LOGIN_URLS: Final[Mapping[str, str]] = {
    "2.1": "https://creatorsapi.auth.us-east-1.amazoncognito.com",
    "2.2": "https://creatorsapi.auth.eu-south-2.amazoncognito.com",
    "2.3": "https://creatorsapi.auth.us-west-2.amazoncognito.com",
    "3.1": "https://api.amazon.com",
    "3.2": "https://api.amazon.co.uk",
    "3.3": "https://api.amazon.co.jp",
}
"""Credential version -> base address tokens come from, unless AMAZON_LOGIN_URL names another."""

_MIGRATION: Final = (
    "Amazon switched the Product Advertising API 5 off on 2026-05-15. Remove AMAZON_PAAPI_ACCESS_KEY, create"
    " Creators API credentials in Associates Central, and set AMAZON_CREDENTIAL_ID, AMAZON_CREDENTIAL_SECRET,"
    " AMAZON_CREDENTIAL_VERSION and AMAZON_PARTNER_TAG."
)


class _Token(msgspec.Struct):
    access_token: str
    expires_in: int = 3600


class _Refusal(msgspec.Struct):
    error: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Client:
    """The operator's credentials. The secret is left out of representations.

    Args:
        client_id, secret: of the credential.
        version: such as "2.1" or "3.1"; the major number decides how tokens are asked for and shown.
        login_url: base address of the token service.
    """

    client_id: str
    version: str
    login_url: str
    secret: str = field(repr=False, default="")

    @property
    def is_form(self) -> bool:
        """Whether tokens are asked for with a form (version 2) and not with JSON (version 3)."""
        return self.version.startswith("2.")

    def authorization(self, token: str) -> str:
        """Return the header that shows a token."""
        return f"Bearer {token}, Version {self.version}" if self.is_form else f"Bearer {token}"


def read_client(credentials: Mapping[str, str], options: Mapping[str, str], *, login_url: str = "") -> Client:
    """Return the credentials of a configuration.

    Args:
        credentials: by the names of their settings.
        options: AMAZON_CREDENTIAL_VERSION.
        login_url: the configured address of the token service; empty for the version's own.

    Raises:
        RetiredInterface: if a key of the Product Advertising API is configured.
        SourceNotReady: if the version is unknown.
    """
    if credentials.get("AMAZON_PAAPI_ACCESS_KEY"):
        raise RetiredInterface(detail=_MIGRATION)
    version = options.get("AMAZON_CREDENTIAL_VERSION", "3.1")
    if version not in LOGIN_URLS:
        known = ", ".join(LOGIN_URLS)
        raise SourceNotReady(detail=f"AMAZON_CREDENTIAL_VERSION: {version!r} is none of {known}.")
    return Client(
        client_id=credentials.get("AMAZON_CREDENTIAL_ID", ""),
        secret=credentials.get("AMAZON_CREDENTIAL_SECRET", ""),
        version=version,
        login_url=(login_url or LOGIN_URLS[version]).rstrip("/"),
    )


async def fetch_token(session: "PoliteSession", client: Client) -> BearerToken:
    """Ask for a token in the way of the credential's version.

    Raises:
        CredentialsRefused: if Amazon does not accept the client.
        FetchFailed: as the session does, or `UnreadableAnswer`.
    """
    fields = {
        "grant_type": "client_credentials",
        "client_id": client.client_id,
        "client_secret": client.secret,
        "scope": "creatorsapi/default" if client.is_form else "creatorsapi::default",
    }
    refusals = frozenset({400, 401, 403})
    if client.is_form:
        response = await session.post(
            f"{client.login_url}/oauth2/token", form=fields, is_safe=True, accept_statuses=refusals
        )
    else:
        response = await session.post(
            f"{client.login_url}/auth/o2/token", json=fields, is_safe=True, accept_statuses=refusals
        )
    return parse_token(response)


def parse_token(response: Response) -> BearerToken:
    """Read the answer of a token service.

    Raises:
        CredentialsRefused: if it is a refusal; its word for why is in the message.
        UnreadableAnswer: if it is neither.
    """
    if response.status >= 400:
        refusal = response.decode(_Refusal)
        reason = clean_text(refusal.error or refusal.message, max_length=60)
        raise CredentialsRefused(detail=f"Amazon gives no token: {reason or response.status}.")
    answer = response.decode(_Token)
    if not answer.access_token:
        raise CredentialsRefused(detail="Amazon gave an empty token.")
    return BearerToken(answer.access_token, response.fetched_at + timedelta(seconds=answer.expires_in))
