"""Contents of sealed products: a changed statement becomes a new version, the old one is kept."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from catalog.choices import ContentKind

from ..records import LineRecord, SealedRecord
from ..report import ImportReport
from .contents_rows import ContentLine, NewVersion, write_versions
from .index import CatalogueIndex, resolve_finish
from .products import PlacedArticle
from .rows import fingerprint

_LAST = """
    SELECT DISTINCT ON (product_id) product_id, fingerprint FROM contents_versions WHERE source = 'mtgjson'
    ORDER BY product_id, version DESC
"""
_NUMBERS = """
    SELECT product_id, max(version), bool_or(is_current AND source = 'staff') FROM contents_versions
    GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class _Known:
    """What there is: the last fingerprint of this source; the last number, and whether staff wrote it."""

    last: dict[UUID, str]
    numbers: dict[UUID, tuple[int, bool]]


def write_contents(
    cursor: CursorWrapper,
    placed: list[PlacedArticle],
    *,
    index: CatalogueIndex,
    source_date: date | None,
    now: datetime,
    report: ImportReport,
) -> set[UUID]:
    """Add a version for every product whose statement differs from the last one of this source.

    A current version that staff wrote stays current; the source's is kept beside it.

    Returns:
        Products that got a new version.
    """
    cursor.execute(_LAST)
    last: dict[UUID, str] = dict(cursor.fetchall())
    cursor.execute(_NUMBERS)
    known = _Known(last, {row[0]: (row[1], row[2]) for row in cursor.fetchall()})
    tally = report.tally("contents")
    written: list[NewVersion] = []
    for article in placed:
        if not isinstance(article.record, SealedRecord):
            continue
        version = _resolve(article.product_id, article.record, known=known, index=index)
        if known.last.get(article.product_id) == version.fingerprint:
            tally.unchanged += 1
            continue
        if article.product_id in known.last:
            tally.updated += 1
        else:
            tally.created += 1
        written.append(version)
    write_versions(cursor, written, source_date=source_date, now=now)
    return {version.product_id for version in written}


def _resolve(product_id: UUID, record: SealedRecord, *, known: _Known, index: CatalogueIndex) -> NewVersion:
    number, is_staffs = known.numbers.get(product_id, (0, False))
    contents = record.contents
    lines = [resolve_line(line, index) for line in contents.lines]
    alternatives = [
        [[resolve_line(line, index) for line in alternative.lines] for alternative in choice.alternatives]
        for choice in contents.choices
    ]
    canonical: dict[str, Any] = {
        "lines": [line.canonical for line in lines],
        "choices": [
            [choice.draws, choice.with_replacement]
            + [
                [alternative.weight, *(line.canonical for line in own)]
                for alternative, own in zip(choice.alternatives, resolved, strict=True)
            ]
            for choice, resolved in zip(contents.choices, alternatives, strict=True)
        ],
        "problems": list(contents.problems),
    }
    return NewVersion(
        product_id=product_id,
        number=number + 1,
        is_current=not is_staffs,
        record=contents,
        lines=lines,
        alternatives=alternatives,
        fingerprint=fingerprint(canonical),
    )


def resolve_line(line: LineRecord, index: CatalogueIndex) -> ContentLine:
    """Find what a line refers to; a line that refers to nothing known keeps its name only."""
    name = _shown_name(line)
    if line.kind == ContentKind.CARD:
        card = index.printing(line)
        if card is None:
            return ContentLine(line.kind, line.quantity, name, line.finish)
        finish = resolve_finish(line.finish, card.finishes)
        return ContentLine(
            line.kind, line.quantity, name, finish, single_id=card.product_id, label=card.label
        )
    if line.kind == ContentKind.SEALED and (sealed := index.sealed(line)):
        return ContentLine(line.kind, line.quantity, name, sealed_id=sealed.product_id, label=sealed.label)
    if line.kind == ContentKind.DECK and (deck := index.deck(line)):
        return ContentLine(line.kind, line.quantity, name, deck_id=deck.key, label=deck.label)
    if line.kind == ContentKind.PACK and (pack := index.pack(line)):
        return ContentLine(line.kind, line.quantity, name, pack_id=pack.key, label=pack.label)
    return ContentLine(line.kind, line.quantity, name)


def _shown_name(line: LineRecord) -> str:
    if line.kind == ContentKind.PACK:
        return f"{line.set_code} {line.code}"
    name = line.name or line.uuid
    place = " ".join(part for part in (line.set_code, line.number) if part)
    return (f"{name} ({place})" if place and name else name or place)[:255]
