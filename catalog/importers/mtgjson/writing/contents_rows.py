"""The rows of new versions of contents."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from common.bulk import copy_rows

from ..records import AlternativeRecord, ChoiceRecord, ContentsRecord
from .rows import reserve_ids

_SOURCE = "mtgjson"
_VERSION_COLUMNS = (
    "id", "product_id", "version", "source", "source_date", "fingerprint", "is_complete", "missing",
    "problems", "is_current", "created_at",
)  # fmt: skip
_LINE_COLUMNS = (
    "contents_id", "alternative_id", "position", "kind", "quantity", "name", "finish", "single_id",
    "sealed_id", "deck_id", "pack_id",
)  # fmt: skip


class ContentLine(NamedTuple):
    """A row of `sealed_contents` but for its place; `label` names what it refers to."""

    kind: str
    quantity: int
    name: str
    finish: str = ""
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
class NewVersion:
    """A version about to be written. `alternatives` are lines per choice and alternative, as in `record`."""

    product_id: UUID
    number: int
    is_current: bool
    record: ContentsRecord
    lines: list[ContentLine]
    alternatives: list[list[list[ContentLine]]]
    fingerprint: str


class _Choice(NamedTuple):
    version_id: int
    position: int
    record: ChoiceRecord
    alternatives: list[list[ContentLine]]


class _Alternative(NamedTuple):
    choice_id: int
    version_id: int
    position: int
    record: AlternativeRecord
    lines: list[ContentLine]


def write_versions(
    cursor: CursorWrapper, versions: list[NewVersion], *, source_date: date | None, now: datetime
) -> None:
    """Write the versions and everything below them; those that are current replace the current ones."""
    cursor.execute(
        "UPDATE contents_versions SET is_current = false WHERE is_current AND product_id = ANY(%s)",
        [[version.product_id for version in versions if version.is_current]],
    )
    numbered = list(zip(reserve_ids(cursor, "contents_versions", len(versions)), versions, strict=True))
    shared = (source_date, now)
    copy_rows(
        cursor, "contents_versions", _VERSION_COLUMNS, (_version_row(*pair, *shared) for pair in numbered)
    )
    lines: dict[int, list[tuple[int | None, ContentLine]]] = {
        key: [(None, line) for line in version.lines] for key, version in numbered
    }
    for alternative_id, alternative in _write_alternatives(cursor, _write_choices(cursor, numbered)):
        lines[alternative.version_id].extend((alternative_id, line) for line in alternative.lines)
    copy_rows(cursor, "sealed_contents", _LINE_COLUMNS, _line_rows(lines))


def _version_row(key: int, version: NewVersion, source_date: date | None, now: datetime) -> tuple[Any, ...]:
    return (
        key, version.product_id, version.number, _SOURCE, source_date, version.fingerprint, False, "[]",
        json.dumps(version.record.problems), version.is_current, now,
    )  # fmt: skip


def _write_choices(
    cursor: CursorWrapper, versions: list[tuple[int, NewVersion]]
) -> list[tuple[int, _Choice]]:
    choices = [
        _Choice(key, position, record, own)
        for key, version in versions
        for position, (record, own) in enumerate(
            zip(version.record.choices, version.alternatives, strict=True)
        )
    ]
    numbered = list(zip(reserve_ids(cursor, "content_choices", len(choices)), choices, strict=True))
    copy_rows(
        cursor,
        "content_choices",
        ("id", "contents_id", "position", "draws", "with_replacement"),
        ((key, c.version_id, c.position, c.record.draws, c.record.with_replacement) for key, c in numbered),
    )
    return numbered


def _write_alternatives(
    cursor: CursorWrapper, choices: list[tuple[int, _Choice]]
) -> list[tuple[int, _Alternative]]:
    alternatives = [
        _Alternative(choice_id, choice.version_id, position, record, lines)
        for choice_id, choice in choices
        for position, (record, lines) in enumerate(
            zip(choice.record.alternatives, choice.alternatives, strict=True)
        )
    ]
    ids = reserve_ids(cursor, "content_alternatives", len(alternatives))
    numbered = list(zip(ids, alternatives, strict=True))
    copy_rows(
        cursor,
        "content_alternatives",
        ("id", "choice_id", "position", "weight"),
        ((key, a.choice_id, a.position, a.record.weight) for key, a in numbered),
    )
    return numbered


def _line_rows(lines: dict[int, list[tuple[int | None, ContentLine]]]) -> Iterator[tuple[Any, ...]]:
    for version_id, own in lines.items():
        for position, (alternative_id, line) in enumerate(own):
            yield (version_id, alternative_id, position, *line[:-1])
