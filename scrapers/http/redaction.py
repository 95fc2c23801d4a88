"""Addresses as they may be shown: in errors, logs and records."""

import re
from typing import Final

from yarl import URL

HIDDEN: Final = "hidden"
_SECRET_NAME: Final = re.compile(
    r"passw|secret|token|signature|credential|authorization|session|api-?_?key|access-?_?key|client-?_?id"
    r"|(?:^|[-_.])(?:key|sig|sign|auth|code|nonce|pwd|user|login|jwt|hmac)$"
)
_MAX_LENGTH: Final = 500


def is_secret_name(name: str) -> bool:
    """Tell whether a query parameter of that name is likely to hold a secret."""
    return _SECRET_NAME.search(name.lower()) is not None


def safe_url(url: URL | str) -> str:
    """Return an address without login and fragment, and without the values of secret-looking parameters."""
    try:
        parsed = URL(url).with_user(None).with_fragment(None)
    except (ValueError, TypeError):
        return "an address that cannot be read"
    if any(is_secret_name(name) for name in parsed.query):
        parsed = parsed.with_query(
            [(name, HIDDEN if is_secret_name(name) else value) for name, value in parsed.query.items()]
        )
    return str(parsed)[:_MAX_LENGTH]
