"""The endpoints of `settings.VENUE_URLS` as the simulator serves them: each a path prefix with robots.txt."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

ENDPOINTS: Final = (
    "tcgcsv", "tcgplayer_api", "tcgplayer_search", "tcgplayer_mpapi", "tcgplayer_history", "ebay_api",
    "ebay_site", "amazon_creators", "amazon_login", "amazon_site", "cardmarket_downloads", "cardmarket_api",
    "cardkingdom", "mtgjson", "scryfall", "scryfall_data", "tcgdex", "pokemontcg", "ygoprodeck",
)  # fmt: skip

EXCHANGE_ENDPOINTS: Final = (
    "binance_ws", "binance_rest", "coinbase_ws", "kraken_ws", "okx_ws", "bybit_ws",
)  # fmt: skip
"""Streams of crypto exchanges, and Binance's snapshots."""

DESK_PREFIX: Final = "giftdesk-"
"""+ a desk's code: a gift-card desk that speaks the generic contract."""

GIFT_CARD_ENDPOINTS: Final = ("reloadly", "bitrefill")

SITES: Final = frozenset(
    {"tcgplayer_search", "tcgplayer_mpapi", "tcgplayer_history", "ebay_site", "amazon_site"}
)
"""Endpoints whose robots.txt rules the client; the others are published APIs and downloads."""

_FORBIDDEN_PATHS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "tcgplayer_search": ("/v1/search/private",),
        "tcgplayer_mpapi": ("/v2/cart",),
        "tcgplayer_history": ("/admin",),
        "ebay_site": ("/signin", "/sch/private", "/b/"),
        "amazon_site": ("/gp/cart", "/ap/signin", "/s/private"),
    }
)


def default_robots(endpoint: str) -> str:
    """Return the robots.txt of an endpoint. Paths appear with and without the endpoint's prefix.

    A client may look for the file at the root of the simulator (where it holds the rules of all endpoints)
    or below the prefix; either way the rules mean the same.
    """
    lines = ["User-agent: *"]
    for path in _FORBIDDEN_PATHS.get(endpoint, ()):
        lines += [f"Disallow: {path}", f"Disallow: /{endpoint}{path}"]
    if len(lines) == 1:
        lines.append("Disallow:")
    return "\n".join(lines) + "\n"


def endpoint_of(path: str) -> str:
    """Return the endpoint a path belongs to; empty for none."""
    first = path.lstrip("/").partition("/")[0]
    return first if first in ENDPOINTS or is_live(first) else ""


def is_live(endpoint: str) -> bool:
    """Tell whether an endpoint is of a live market: asked every second or streamed, without a robots.txt."""
    if endpoint in EXCHANGE_ENDPOINTS or endpoint in GIFT_CARD_ENDPOINTS:
        return True
    return endpoint.startswith(DESK_PREFIX) and len(endpoint) > len(DESK_PREFIX)
