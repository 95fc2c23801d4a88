"""Reads and writes the catalogue rows of an import of articles, all rows of a kind at once."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from catalog.choices import Category
from common.bulk import copy_rows, stage

from .articles import Article, ArticleIdentifier
from .articles_matching import TCGPLAYER, KnownIdentifiers, ProductFacts

# The ids that R002 keeps in columns of the product count as identifiers too.
_OWNERS: Final = """
    SELECT i.product_id FROM stage_article_ids s
      JOIN product_identifiers i ON i.source = s.source AND i.external_id = s.external_id
     UNION
    SELECT p.id FROM stage_article_ids s
      JOIN products p ON p.tcg_product_id = s.external_id WHERE s.source = 'tcgplayer'
     UNION
    SELECT p.id FROM stage_article_ids s
      JOIN products p ON p.ebay_product_id = s.external_id WHERE s.source = 'ebay'
     UNION
    SELECT p.id FROM stage_article_ids s
      JOIN products p ON p.amazon_asin = s.external_id WHERE s.source = 'amazon'
"""
_KNOWN: Final = f"""
    SELECT p.id, p.category, p.product_type, p.tcg_product_id, p.ebay_product_id, p.amazon_asin,
           i.source, i.external_id, i.finish
      FROM products p LEFT JOIN product_identifiers i ON i.product_id = p.id AND i.source = ANY(%s)
     WHERE p.id IN ({_OWNERS})
"""  # noqa: S608 - made of our own constants
_COLUMN_SOURCES: Final = (TCGPLAYER, "ebay", "amazon")

_PRODUCT_COLUMNS: Final = (
    "id", "name", "set_name", "set_code", "product_type", "category", "sealed_kind", "sealed_subtype",
    "number", "rarity", "language", "finishes", "released_on", "tcg_product_id", "ebay_product_id",
    "amazon_asin", "description", "image_url", "is_active", "is_featured", "is_demo", "created_at",
    "updated_at",
)  # fmt: skip

_BLANKS: Final = """
    line integer, id uuid, image_url text, released_on date, rarity text, number text, finishes varchar[],
    tcg_product_id text
"""
# MTGJSON restates all facts of a Magic product but its picture with every import: blanks there are its own.
_FILL: Final = f"""
    UPDATE products p
       SET image_url = CASE WHEN p.image_url = '' THEN s.image_url ELSE p.image_url END,
           released_on = CASE WHEN s.is_open THEN coalesce(p.released_on, s.released_on)
                              ELSE p.released_on END,
           rarity = CASE WHEN s.is_open AND p.rarity = '' THEN s.rarity ELSE p.rarity END,
           number = CASE WHEN s.is_open AND p.number = '' THEN s.number ELSE p.number END,
           finishes = CASE WHEN s.is_open AND p.finishes = '{{}}' THEN s.finishes ELSE p.finishes END,
           tcg_product_id = CASE WHEN s.is_open THEN coalesce(p.tcg_product_id, s.tcg_product_id)
                                 ELSE p.tcg_product_id END,
           updated_at = %s
      FROM (SELECT DISTINCT ON (b.id) b.*, q.category <> '{Category.MTG.value}' AS is_open
              FROM stage_article_blanks b JOIN products q ON q.id = b.id ORDER BY b.id, b.line) s
     WHERE p.id = s.id
       AND (p.image_url = '' AND s.image_url <> ''
            OR s.is_open AND (p.released_on IS NULL AND s.released_on IS NOT NULL
                              OR p.rarity = '' AND s.rarity <> ''
                              OR p.number = '' AND s.number <> ''
                              OR p.finishes = '{{}}' AND s.finishes <> '{{}}'
                              OR p.tcg_product_id IS NULL AND s.tcg_product_id IS NOT NULL))
"""  # noqa: S608 - made of our own constants


class Placed(NamedTuple):
    """An article, the key of its product, and the `tcg_product_id` that product is given, if any."""

    product_id: UUID
    article: Article
    tcg_product_id: str | None


def load_known(cursor: CursorWrapper, articles: Sequence[Article]) -> KnownIdentifiers:
    """Read the products that the articles' identifiers belong to, with their ids of the same sources."""
    stage(cursor, "stage_article_ids", "source text, external_id text")
    named = {(row.source, row.external_id) for article in articles for row in article.identifiers}
    copy_rows(cursor, "stage_article_ids", ("source", "external_id"), named)
    cursor.execute("ANALYZE stage_article_ids")
    cursor.execute(_KNOWN, [sorted({source for source, _ in named})])
    known = KnownIdentifiers()
    seen: set[UUID] = set()
    for product_id, category, product_type, *columns, source, external_id, finish in cursor.fetchall():
        if product_id not in seen:
            seen.add(product_id)
            own = dict(zip(_COLUMN_SOURCES, columns, strict=True))
            known.add_product(product_id, ProductFacts(category, product_type), own)
        if source is not None:
            known.add(product_id, [ArticleIdentifier(source, external_id, finish)])
    cursor.execute("DROP TABLE stage_article_ids")
    return known


def create_products(cursor: CursorWrapper, new: Iterable[Placed], *, now: datetime) -> int:
    """Write new products and return how many."""
    return copy_rows(cursor, "products", _PRODUCT_COLUMNS, (_product(row, now) for row in new))


def fill_blanks(cursor: CursorWrapper, matched: Iterable[Placed], *, now: datetime) -> int:
    """Give products what they lack and the article states; return how many products gained something."""
    stage(cursor, "stage_article_blanks", _BLANKS)
    rows = (
        (
            line, product_id, article.image_url, article.released_on, article.rarity, article.number,
            list(article.finishes), tcg_product_id,
        )
        for line, (product_id, article, tcg_product_id) in enumerate(matched)
    )  # fmt: skip
    columns = ("line", "id", "image_url", "released_on", "rarity", "number", "finishes", "tcg_product_id")
    copy_rows(cursor, "stage_article_blanks", columns, rows)
    cursor.execute("ANALYZE stage_article_blanks")
    cursor.execute(_FILL, [now])
    filled = int(cursor.rowcount)
    cursor.execute("DROP TABLE stage_article_blanks")
    return filled


def add_identifiers(cursor: CursorWrapper, rows: Iterable[tuple[UUID, ArticleIdentifier]]) -> int:
    """Write new identifiers and return how many."""
    return copy_rows(
        cursor,
        "product_identifiers",
        ("product_id", "source", "external_id", "finish"),
        ((product_id, row.source, row.external_id, row.finish) for product_id, row in rows),
    )


def _product(row: Placed, now: datetime) -> tuple[object, ...]:
    article = row.article
    return (
        row.product_id, article.name, article.set_name, article.set_code, article.product_type,
        article.category, article.sealed_kind, "", article.number, article.rarity, article.language,
        list(article.finishes), article.released_on, row.tcg_product_id, "", "", "", article.image_url,
        True, False, False, now, now,
    )  # fmt: skip
