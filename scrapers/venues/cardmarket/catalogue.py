"""Cardmarket's product lists: one JSON file a game for singles and one for everything else. Pure.

They carry names, categories and expansion numbers, but no set code or collector number: enough to recognise
an article by its id or to suggest it by its name, too little to make one. `dateAdded` may be
"0000-00-00 00:00:00" and is not used.
"""

import logging
from typing import Final

import msgspec

from catalog.choices import ProductType
from catalog.importers.articles import Article, ArticleIdentifier
from scrapers.errors import MarkupDrift, UnreadableAnswer
from scrapers.text import clean_text

from .vocabulary import NAME_SPACE, SEALED_KINDS, Game

logger = logging.getLogger(__name__)


class ProductRow(msgspec.Struct, gc=False):
    """One article of the list."""

    idProduct: int  # noqa: N815 - the venue's own field names
    name: str
    idCategory: int | None = None  # noqa: N815


class ProductList(msgspec.Struct):
    """The envelope; rows stay raw so that one bad row costs one row."""

    products: list[msgspec.Raw]


_list_decoder: Final = msgspec.json.Decoder(ProductList)
_row_decoder: Final = msgspec.json.Decoder(ProductRow)


def parse_product_list(content: bytes, *, game: Game, product_type: ProductType) -> list[Article]:
    """Return the articles of a product list, known by their `mcm` ids and names only.

    Rows that cannot be read are logged by count.

    Raises:
        UnreadableAnswer: if it is truncated, corrupt, or no product list.
        MarkupDrift: if most of its rows are of another shape.
    """
    try:
        rows = _list_decoder.decode(content).products
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise UnreadableAnswer(detail=f"This is not a Cardmarket product list: {error}.") from error
    articles: list[Article] = []
    for raw in rows:
        try:
            row = _row_decoder.decode(raw)
        except (msgspec.MsgspecError, UnicodeDecodeError):
            continue
        name = clean_text(row.name)
        if row.idProduct > 0 and name:
            articles.append(_article(row, name, game, product_type))
    unreadable = len(rows) - len(articles)
    if unreadable > len(articles):
        raise MarkupDrift(detail=f"{unreadable} of {len(rows)} rows of the product list are unreadable.")
    if unreadable:
        logger.warning("cardmarket.rows_unreadable", extra={"rows": unreadable, "game": game.category})
    return articles


def _article(row: ProductRow, name: str, game: Game, product_type: ProductType) -> Article:
    is_sealed = product_type is ProductType.SEALED
    return Article(
        identifiers=(ArticleIdentifier(NAME_SPACE, str(row.idProduct)),),
        name=name,
        product_type=product_type.value,
        category=game.category,
        sealed_kind=SEALED_KINDS.get(row.idCategory or 0, "") if is_sealed else "",
        is_complete=False,
    )
