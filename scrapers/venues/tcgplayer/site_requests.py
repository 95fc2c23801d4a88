"""What TCGplayer's site is asked: the bodies of its undocumented search, listing and sales calls. Pure.

`exclude.channelExclusion: 0` is always sent: without it the answer holds the listings of ghost sellers that
can never be bought. More than 50 rows, an empty `algorithm` and unknown range filters are refused with 400;
asking for rows from 10,000 on fails, so larger results must be asked for set by set.
"""

from collections.abc import Mapping
from typing import Any, Final

from .vocabulary import ENGLISH

MAX_SIZE: Final = 50
END_OF_PAGING: Final = 10_000
MAX_SALES: Final = 25


def _live_listings(languages: tuple[str, ...] = ()) -> dict[str, Any]:
    term: dict[str, Any] = {"sellerStatus": "Live", "channelId": 0}
    if languages:
        term["language"] = list(languages)
    return {"term": term, "range": {"quantity": {"gte": 1}}, "exclude": {"channelExclusion": 0}}


def search_body(
    *, algorithm: str, start: int = 0, size: int = MAX_SIZE, filters: Mapping[str, list[str]] | None = None
) -> dict[str, Any]:
    """Return the body of a search; the words searched for go into the address.

    Args:
        algorithm: how hits are ranked; accepted names change and are the operator's setting.
        start: first row, below 10,000 together with `size`.
        size: rows, at most 50.
        filters: `productLineName`, `setName` … -> accepted values, as in the site's addresses.

    Raises:
        ValueError: if the page lies beyond what the site answers.
    """
    if not (0 < size <= MAX_SIZE and start >= 0 and start + size <= END_OF_PAGING):
        raise ValueError(f"rows {start} to {start + size} cannot be asked for")
    return {
        "algorithm": algorithm,
        "from": start,
        "size": size,
        "filters": {"term": dict(filters or {}), "range": {}, "match": {}},
        "listingSearch": {"context": {"cart": {}}, "filters": _live_listings()},
        "context": {"cart": {}, "shippingCountry": "US"},
        "settings": {"useFuzzySearch": True, "didYouMean": {}},
        "sort": {},
    }


def listings_body(*, start: int = 0, size: int = MAX_SIZE) -> dict[str, Any]:
    """Return the body that asks for a product's English listings, cheapest first, postage not counted."""
    return {
        "filters": _live_listings((ENGLISH,)),
        "context": {"shippingCountry": "US", "cart": {}},
        "sort": {"field": "price", "order": "asc"},
        "from": start,
        "size": size,
        "aggregations": ["listingType"],
    }


def latest_sales_body() -> dict[str, Any]:
    """Return the body that asks for a product's 25 latest English sales."""
    return {
        "conditions": [],
        "languages": [1],
        "variants": [],
        "listingType": "All",
        "offset": 0,
        "limit": MAX_SALES,
    }
