"""Contents of sealed products: a changed statement becomes a new version, the old one is kept."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from catalog.choices import ContentKind
from common.bulk import copy_rows

from ..records import ContentsRecord, LineRecord, SealedRecord
from ..report import ImportReport
from .index import CatalogueIndex, resolve_finish
from .products import PlacedArticle
from .rows import fingerprint, reserve_ids

_SOURCE = "mtgjson"
_STAFF = "staff"


class _Line(NamedTuple):
    """A row of `sealed_contents` but for its version, alternative and position."""

    kind: str
    quantity: int
    name: str
    finish: str
    single_id: UUID | None = None
    sealed_id: UUID | None = None
    deck_id: int | None = None
    pack_id: int | None = None
    label: str = ""

    @property
    def canonical(self) -> list[Any]:
        """What the line means, independent of any database."""
        return [self.kind, self.quantity, self.name, self.finish, self.label]


@dataclass(frozen=True, slots=True)
class _Version:
    product_id: UUID
    version: int
    is_current: bool
    record: ContentsRecord
    lines: list[_Line]
    alternatives: list[list[list[_Line]]]  # per choice, per alternative
    fingerprint: str


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
    cursor.execute(
        "SELECT DISTINCT ON (product_id) product_id, fingerprint FROM contents_versions WHERE source = %s"
        " ORDER BY product_id, version DESC",
        [_SOURCE],
    )
    last: dict[UUID, str] = dict(cursor.fetchall())
    cursor.execute(
        "SELECT product_id, max(version), bool_or(is_current AND source = %s) FROM contents_versions GROUP BY 1",
        [_STAFF],
    )
    versions = {row[0]: (row[1], row[2]) for row in cursor.fetchall()}
    tally = report.tally("contents")
    written: list[_Version] = []
    for article in placed:
        if not isinstance(article.record, SealedRecord):
            continue
        number, is_staffs = versions.get(article.product_id, (0, False))
        version = _resolve(article, number=number + 1, is_current=not is_staffs, index=index)
        if last.get(article.product_id) == version.fingerprint:
            tally.unchanged += 1
            continue
        if article.product_id in last:
            tally.updated += 1
        else:
            tally.created += 1
        written.append(version)
    _write(cursor, written, source_date=source_date, now=now)
    return {version.product_id for version in written}


def _resolve(article: PlacedArticle, *, number: int, is_current: bool, index: CatalogueIndex) -> _Version:
    assert isinstance(article.record, SealedRecord)
    contents = article.record.contents
    lines = [_resolve_line(line, index) for line in contents.lines]
    alternatives = [
        [[_resolve_line(line, index) for line in alternative.lines] for alternative in choice.alternatives]
        for choice in contents.choices
    ]
    canonical = {
        "lines": [line.canonical for line in lines],
        "choices": [
            [choice.draws, choice.with_replacement]
            + [
                [a.weight, *(line.canonical for line in own)]
                for a, own in zip(choice.alternatives, resolved, strict=True)
            ]
            for choice, resolved in zip(contents.choices, alternatives, strict=True)
        ],
        "problems": list(contents.problems),
    }
    return _Version(
        article.product_id, number, is_current, contents, lines, alternatives, fingerprint(canonical)
    )


def _resolve_line(line: LineRecord, index: CatalogueIndex) -> _Line:
    place = " ".join(part for part in (line.set_code, line.number) if part)
    name = (f"{line.name or line.uuid} ({place})" if place else line.name or line.uuid)[:255]
    match line.kind:
        case ContentKind.CARD:
            card = index.printing(line)
            if card is None:
                return _Line(line.kind, line.quantity, name, line.finish)
            finish = resolve_finish(line.finish, card.finishes)
            return _Line(line.kind, line.quantity, name, finish, single_id=card.product_id, label=card.label)
        case ContentKind.SEALED:
            sealed = index.sealed(line)
            if sealed is None:
                return _Line(line.kind, line.quantity, name, "")
            return _Line(
                line.kind, line.quantity, name, "", sealed_id=UUID(str(sealed.key)), label=sealed.label
            )
        case ContentKind.DECK:
            deck = index.deck(line)
            if deck is None:
                return _Line(line.kind, line.quantity, name, "")
            return _Line(line.kind, line.quantity, name, "", deck_id=int(str(deck.key)), label=deck.label)
        case ContentKind.PACK:
            pack, name = index.pack(line), f"{line.set_code} {line.code}"
            if pack is None:
                return _Line(line.kind, line.quantity, name, "")
            return _Line(line.kind, line.quantity, name, "", pack_id=int(str(pack.key)), label=pack.label)
        case _:
            return _Line(line.kind, line.quantity, name, "")


def _write(
    cursor: CursorWrapper, versions: list[_Version], *, source_date: date | None, now: datetime
) -> None:
    replaced = [version.product_id for version in versions if version.is_current]
    cursor.execute(
        "UPDATE contents_versions SET is_current = false WHERE is_current AND product_id = ANY(%s)",
        [replaced],
    )
    ids = reserve_ids(cursor, "contents_versions", len(versions))
    copy_rows(
        cursor,
        "contents_versions",
        (
            "id", "product_id", "version", "source", "source_date", "fingerprint", "is_complete", "missing",
            "problems", "is_current", "created_at",
        ),
        (
            (
                key, v.product_id, v.version, _SOURCE, source_date, v.fingerprint, False, "[]",
                json.dumps(v.record.problems), v.is_current, now,
            )
            for key, v in zip(ids, versions, strict=True)
        ),
    )  # fmt: skip
    choices = [
        (key, position, choice, own)
        for key, version in zip(ids, versions, strict=True)
        for position, (choice, own) in enumerate(
            zip(version.record.choices, version.alternatives, strict=True)
        )
    ]
    choice_ids = reserve_ids(cursor, "content_choices", len(choices))
    copy_rows(
        cursor,
        "content_choices",
        ("id", "contents_id", "position", "draws", "with_replacement"),
        (
            (row_id, key, position, choice.draws, choice.with_replacement)
            for row_id, (key, position, choice, _) in zip(choice_ids, choices, strict=True)
        ),
    )
    alternatives = [
        (choice_id, key, position, alternative.weight, lines)
        for choice_id, (key, _, choice, own) in zip(choice_ids, choices, strict=True)
        for position, (alternative, lines) in enumerate(zip(choice.alternatives, own, strict=True))
    ]
    alternative_ids = reserve_ids(cursor, "content_alternatives", len(alternatives))
    copy_rows(
        cursor,
        "content_alternatives",
        ("id", "choice_id", "position", "weight"),
        (
            (row_id, choice_id, position, weight)
            for row_id, (choice_id, _, position, weight, _) in zip(alternative_ids, alternatives, strict=True)
        ),
    )
    inside: dict[int, list[tuple[int | None, _Line]]] = {
        key: [(None, line) for line in version.lines] for key, version in zip(ids, versions, strict=True)
    }
    for row_id, (_, key, _, _, lines) in zip(alternative_ids, alternatives, strict=True):
        inside[key].extend((row_id, line) for line in lines)
    columns = (
        "contents_id", "alternative_id", "position", "kind", "quantity", "name", "finish", "single_id", "sealed_id",
        "deck_id", "pack_id",
    )  # fmt: skip
    copy_rows(cursor, "sealed_contents", columns, _line_rows(inside))


def _line_rows(inside: dict[int, list[tuple[int | None, _Line]]]) -> Iterator[tuple[Any, ...]]:
    for key, lines in inside.items():
        for position, (alternative_id, line) in enumerate(lines):
            yield (key, alternative_id, position, *line[:-1])
