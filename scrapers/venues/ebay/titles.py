"""Telling from a listing's title whether it is the article itself: no lot, no accessory, no empty box."""

import re
from collections.abc import Sequence
from typing import Final

from scrapers.text import normalise_words

# fmt: off
OTHER_WORDS: Final = frozenset({
    "lot", "lots", "joblot", "bundle", "bundles", "case", "cases", "choose", "pick", "complete",
    "empty", "opened", "unsealed", "resealed", "repack", "repacked", "damaged", "read",
    "proxy", "proxies", "custom", "replica", "fake", "counterfeit",
    "wrapper", "wrappers", "sleeve", "sleeves", "binder", "playmat", "toploader", "toploaders", "deckbox",
    "acrylic", "protector", "plush", "figure", "poster", "sticker", "keychain",
    "digital", "code", "codes", "online", "mtga", "mtgo", "arena",
})
# fmt: on
"""Words of titles that name something else than one sealed article, unless the article itself has them."""

_MULTIPLE: Final = re.compile(
    r"\b(?:[2-9]|[1-9][0-9]{1,2}) ?x\b|\bx ?(?:[2-9]|[1-9][0-9]{1,2})\b|\b[0-9]+ ?(?:pcs|pack lot)\b"
)


def holds_all_words(title: str, query: str) -> bool:
    """Tell whether every word of the query is a word of the title."""
    wanted = normalise_words(query)
    return bool(wanted) and set(wanted) <= set(normalise_words(title))


def names_something_else(title: str, *, query: str = "", peers: Sequence[str] = ()) -> bool:
    """Tell whether a title is of a lot, an accessory or an empty box rather than of one article.

    Args:
        title: of the listing.
        query: its own words are never suspicious.
        peers: titles of listings of the same article; a word that half of them have is the article's own
            (the "case" of a booster case).
    """
    suspects = _suspects(title) - _suspects(query)
    return any(2 * sum(word in _suspects(peer) for peer in peers) < max(len(peers), 1) for word in suspects)


def _suspects(title: str) -> frozenset[str]:
    found = OTHER_WORDS & set(normalise_words(title))
    if _MULTIPLE.search(title.casefold()):
        found |= {"x"}
    return frozenset(found)
