"""What a listing's title tells: whether it is the article itself, no lot or empty box; a card's finish."""

import re
from collections.abc import Sequence
from typing import Final

from catalog.choices import Finish
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
_SURFACE: Final = r"(?:foils?|holo[a-z]*|etched|reverse|rev)"
_NEGATED: Final = re.compile(rf"\b(?:non|not|no) (?={_SURFACE}\b)")
_REVERSE: Final = re.compile(
    r"\b(?:reverse|rev) ?(?:foils?|holo[a-z]*)\b|\b(?:foils?|holo[a-z]*) (?:reverse|rev)\b"
)
_ETCHED: Final = re.compile(r"\b(?:foils? )?etched(?: foils?)?\b")
_FOIL: Final = re.compile(r"\b(?:foils?|holo[a-z]*)\b")
_PLAIN: Final = re.compile(r"\bnon(?:foils?|holo[a-z]*)\b")


def holds_all_words(title: str, query: str) -> bool:
    """Tell whether every word of the query is a word of the title; "Non-Foil" is one word, and not "Foil"."""
    wanted = _joined(query).split()
    return bool(wanted) and set(wanted) <= set(_joined(title).split())


def finish_of(title: str) -> Finish | None:
    """Return the finish of a single card by what its seller calls it; saying nothing means plain.

    Returns:
        Nonfoil, foil, etched or reverse holofoil; None for a title that names two of them, which is a choice
        of cards and not one card.
    """
    text = _joined(title)
    named = {Finish.NONFOIL} if _PLAIN.search(text) else set()
    for pattern, finish in ((_REVERSE, Finish.REVERSE), (_ETCHED, Finish.ETCHED), (_FOIL, Finish.FOIL)):
        text, count = pattern.subn(" ", text)
        if count:
            named.add(finish)
    if len(named) > 1:
        return None
    return named.pop() if named else Finish.NONFOIL


def _joined(text: str) -> str:
    """Return the words of a text with "non foil" and the like as one word each."""
    return _NEGATED.sub("non", " ".join(normalise_words(text)))


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
