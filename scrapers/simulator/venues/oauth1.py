"""Checks OAuth 1.0a signatures (RFC 5849, HMAC-SHA1) the way Cardmarket does."""

import re
from base64 import b64encode
from collections.abc import Iterable
from hashlib import sha1
from hmac import compare_digest, digest
from typing import Final
from urllib.parse import quote, unquote

_PAIR: Final = re.compile(r'(\w+)="([^"]*)"')
_NEEDED: Final = frozenset(
    {"oauth_consumer_key", "oauth_nonce", "oauth_signature", "oauth_signature_method", "oauth_timestamp"}
)


def parse_header(header: str) -> dict[str, str] | None:
    """Return the decoded parameters of an OAuth authorization header; None if it is not a whole one."""
    scheme, _, rest = header.partition(" ")
    parameters = {name: unquote(value) for name, value in _PAIR.findall(rest)}
    return parameters if scheme == "OAuth" and parameters.keys() >= _NEEDED else None


def is_signed(
    method: str,
    url: str,
    *,
    query: Iterable[tuple[str, str]],
    parameters: dict[str, str],
    secrets: tuple[str, str],
) -> bool:
    """Tell whether a request is signed rightly.

    Args:
        method: in capitals.
        url: address without query.
        query: decoded names and values of the query.
        parameters: of the header, decoded.
        secrets: of the app and of the access token (empty for calls of the app alone).
    """
    signed = [*query, *((name, value) for name, value in parameters.items() if name.startswith("oauth_"))]
    pairs = sorted((_encode(name), _encode(value)) for name, value in signed if name != "oauth_signature")
    text = "&".join(f"{name}={value}" for name, value in pairs)
    base = "&".join((method, _encode(url), _encode(text)))
    key = "&".join(_encode(secret) for secret in secrets)
    expected = b64encode(digest(key.encode(), base.encode(), sha1)).decode()
    return compare_digest(expected, parameters["oauth_signature"])


def _encode(text: str) -> str:
    return quote(text, safe="-._~")
