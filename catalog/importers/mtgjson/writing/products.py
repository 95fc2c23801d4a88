"""Products: find the row of each record, write what differs."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from catalog.choices import Category, ProductType
from common.bulk import copy_rows, stage
from common.ids import uuid7

from ..records import PrintingRecord, SealedRecord
from ..report import ImportReport, Tally

Article: TypeAlias = PrintingRecord | SealedRecord

_COLUMNS = (
    "id", "name", "set_name", "set_code", "product_type", "category", "sealed_kind", "sealed_subtype",
    "number", "rarity", "language", "finishes", "released_on", "tcg_product_id",
)  # fmt: skip
_FACTS = _COLUMNS[1:]
_STAGE = """
    id uuid PRIMARY KEY, name text, set_name text, set_code text, product_type text, category text,
    sealed_kind text, sealed_subtype text, number text, rarity text, language text, finishes varchar[],
    released_on date, tcg_product_id text
"""
_BY_NATURE = """
    SELECT product_type, set_code, CASE WHEN product_type = 'single' THEN number ELSE name END, language, id
    FROM products WHERE category = 'mtg' AND NOT is_demo
"""
# A unique id that moves between two rows must be free before it is taken.
_FREE = """
    UPDATE products p SET tcg_product_id = NULL FROM stage_products s
    WHERE p.id = s.id AND p.tcg_product_id IS NOT NULL AND p.tcg_product_id IS DISTINCT FROM s.tcg_product_id
    RETURNING p.id
"""
_ASSIGNED = ", ".join(f"{column} = s.{column}" for column in _FACTS)
_DIFFERS = " OR ".join(f"p.{column} IS DISTINCT FROM s.{column}" for column in _FACTS)
_UPDATE = f"""
    UPDATE products p SET {_ASSIGNED}, updated_at = %s
    FROM stage_products s WHERE p.id = s.id
    AND ({_DIFFERS} OR p.id = ANY(%s))
    RETURNING p.product_type
"""  # noqa: S608 - constants
_INSERT = f"""
    INSERT INTO products ({", ".join(_COLUMNS)}, ebay_product_id, amazon_asin, description, image_url,
        is_active, is_featured, is_demo, created_at, updated_at)
    SELECT {", ".join(f"s.{column}" for column in _COLUMNS)}, '', '', '', '', true, false, false, %s, %s
    FROM stage_products s LEFT JOIN products p USING (id) WHERE p.id IS NULL ORDER BY s.id
    RETURNING product_type
"""  # noqa: S608 - constants


@dataclass(frozen=True, slots=True)
class PlacedArticle:
    """A record and the row it belongs to."""

    product_id: UUID
    record: Article

    @property
    def uuids(self) -> tuple[str, ...]:
        """The record's MTGJSON uuids."""
        return uuids_of(self.record)


def uuids_of(record: Article) -> tuple[str, ...]:
    """Give the MTGJSON uuids of a record; several for the faces of one printing."""
    return record.uuids if isinstance(record, PrintingRecord) else (record.uuid,)


def place_articles(cursor: CursorWrapper, records: Iterable[Article]) -> list[PlacedArticle]:
    """Match each record with its row: by MTGJSON uuid, else by what it is, else with a new id.

    A printing is the same when set, number and language are; a sealed product when set, name and language
    are. Demo rows never match.
    """
    cursor.execute("SELECT external_id, product_id FROM product_identifiers WHERE source = 'mtgjson'")
    by_uuid: dict[str, UUID] = dict(cursor.fetchall())
    cursor.execute(_BY_NATURE)
    by_nature: dict[tuple[str, str, str, str], UUID] = {tuple(row[:4]): row[4] for row in cursor.fetchall()}
    taken: set[UUID] = set()
    found: list[tuple[Article, UUID | None]] = []
    for record in records:
        known = next((by_uuid[uuid] for uuid in uuids_of(record) if uuid in by_uuid), None)
        if known in taken:
            known = None
        elif known is not None:
            taken.add(known)
        found.append((record, known))
    placed: list[PlacedArticle] = []
    for record, known in found:
        product_id = known
        if product_id is None:
            product_id = by_nature.get(_nature(record))
            if product_id is None or product_id in taken:
                product_id = uuid7()
            taken.add(product_id)
        placed.append(PlacedArticle(product_id, record))
    return placed


def write_products(
    cursor: CursorWrapper,
    placed: list[PlacedArticle],
    *,
    tcg_ids: dict[UUID, str],
    now: datetime,
    report: ImportReport,
) -> None:
    """Create the missing products and update those whose facts differ; `tcg_ids` are the ids they own."""
    stage(cursor, "stage_products", _STAGE)
    rows = (_row(article, tcg_ids.get(article.product_id)) for article in placed)
    copy_rows(cursor, "stage_products", _COLUMNS, rows)
    cursor.execute("ANALYZE stage_products")
    cursor.execute(_FREE)
    freed = [row[0] for row in cursor.fetchall()]
    cursor.execute(_UPDATE, [now, freed])
    updated = Counter(row[0] for row in cursor.fetchall())
    cursor.execute(_INSERT, [now, now])
    created = Counter(row[0] for row in cursor.fetchall())
    cursor.execute("DROP TABLE stage_products")
    for entity, kind in (("cards", ProductType.SINGLE.value), ("sealed_products", ProductType.SEALED.value)):
        all_of_kind = sum(1 for article in placed if _type(article.record) == kind)
        report.tallies[entity] = Tally(
            created=created[kind],
            updated=updated[kind],
            unchanged=all_of_kind - created[kind] - updated[kind],
        )


def _type(record: Article) -> str:
    return ProductType.SINGLE.value if isinstance(record, PrintingRecord) else ProductType.SEALED.value


def _nature(record: Article) -> tuple[str, str, str, str]:
    own = record.number if isinstance(record, PrintingRecord) else record.name
    return _type(record), record.set_code, own, record.language


def _row(article: PlacedArticle, tcg_id: str | None) -> tuple[object, ...]:
    record, kind = article.record, _type(article.record)
    if isinstance(record, PrintingRecord):
        own: tuple[object, ...] = (
            "",
            "",
            record.number,
            record.rarity,
            record.language,
            list(record.finishes),
        )
    else:
        own = (record.kind, record.subtype, "", "", record.language, [])
    return (
        article.product_id, record.name, record.set_name, record.set_code, kind, Category.MTG.value,
        *own, record.released_on, tcg_id,
    )  # fmt: skip
