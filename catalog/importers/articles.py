"""The normalised catalogue record of bulk feeds that are not MTGJSON: one article and the ids it goes by."""

from datetime import date

import msgspec


class ArticleIdentifier(msgspec.Struct, frozen=True, gc=False):
    """The id one source gives the article; an empty finish covers all."""

    source: str
    external_id: str
    finish: str = ""


class Article(msgspec.Struct, frozen=True):
    """One sealed product or one printing of a card, as a feed describes it. Text is free of markup.

    The first identifier is the feed's own. `is_complete` False means that the feed gives too little to make a
    catalogue entry from it: it may only be matched by its identifiers, or wait as unmatched.
    """

    identifiers: tuple[ArticleIdentifier, ...]
    name: str
    product_type: str
    category: str
    set_name: str = ""
    set_code: str = ""
    number: str = ""
    rarity: str = ""
    language: str = "English"
    finishes: tuple[str, ...] = ()
    sealed_kind: str = ""
    released_on: date | None = None
    image_url: str = ""
    is_complete: bool = True
