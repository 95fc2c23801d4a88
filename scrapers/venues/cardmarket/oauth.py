"""Signing a request by OAuth 1.0 (RFC 5849) with HMAC-SHA1, as Cardmarket's API 2.0 wants it. Pure.

Cardmarket's own turns: the realm is the address without its query, and an application without a user has an
empty token and token secret, which are sent and signed all the same.
"""

import base64
import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Credentials:
    """An application's token and secret, and those of a user who allowed it (empty: none)."""

    app_token: str
    app_secret: str = field(repr=False)
    access_token: str = ""
    access_secret: str = field(default="", repr=False)


def signature(
    method: str, url: str, parameters: Mapping[str, str], *, app_secret: str, access_secret: str = ""
) -> str:
    """Return the HMAC-SHA1 signature of a request in base64 (RFC 5849, 3.4.2).

    Args:
        method: of HTTP, in capitals.
        url: scheme and host in lower case, path, no query.
        parameters: of the query and of OAuth together, each once, decoded.
        app_secret: the client's shared secret.
        access_secret: the token's shared secret.
    """
    pairs = sorted((_escaped(name), _escaped(value)) for name, value in parameters.items())
    normalised = "&".join(f"{name}={value}" for name, value in pairs)
    base = "&".join((method, _escaped(url), _escaped(normalised)))
    key = f"{_escaped(app_secret)}&{_escaped(access_secret)}"
    return base64.b64encode(hmac.digest(key.encode(), base.encode(), hashlib.sha1)).decode()


def authorization_header(
    method: str,
    url: str,
    query: Mapping[str, str],
    *,
    credentials: Credentials,
    nonce: str,
    timestamp: int,
) -> str:
    """Return the value of the `Authorization` header for one request.

    Args:
        method: of HTTP, in capitals.
        url: without a query.
        query: the parameters of the query; they are signed.
        credentials: who asks.
        nonce: never used before with this timestamp.
        timestamp: seconds since 1970.
    """
    own = {
        "oauth_consumer_key": credentials.app_token,
        "oauth_nonce": nonce,
        "oauth_signature_method": "HMAC-SHA1",
        "oauth_timestamp": str(timestamp),
        "oauth_token": credentials.access_token,
        "oauth_version": "1.0",
    }
    signed = signature(
        method,
        url,
        {**query, **own},
        app_secret=credentials.app_secret,
        access_secret=credentials.access_secret,
    )
    fields = {**own, "oauth_signature": signed}
    return f'OAuth realm="{url}", ' + ", ".join(
        f'{name}="{_escaped(value)}"' for name, value in fields.items()
    )


def _escaped(text: str) -> str:
    """Return text percent-encoded as RFC 5849, 3.6 wants it: all but letters, digits and -._~."""
    return quote(text, safe="-._~")
