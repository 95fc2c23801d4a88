"""Decks: a changed list replaces its cards, an unchanged one is not touched."""

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from common.bulk import copy_rows

from ..records import DeckRecord
from ..report import ImportReport
from .index import CatalogueIndex, Target, resolve_finish
from .rows import fingerprint, reserve_ids

_MAX_COPIES = 32_767
_MTGJSON = "mtgjson"


@dataclass(frozen=True, slots=True)
class _ResolvedDeck:
    record: DeckRecord
    cards: dict[tuple[UUID, str, str], int]  # (product, finish, board) -> copies
    missing: list[str]
    fingerprint: str


def write_decks(
    cursor: CursorWrapper, records: list[DeckRecord], *, index: CatalogueIndex, report: ImportReport
) -> set[int]:
    """Write the decks that are new or different and register them in the index.

    Returns:
        Keys of the decks created or changed.
    """
    cursor.execute("SELECT set_code, name, id, fingerprint FROM decks")
    known = {(row[0], row[1]): (row[2], row[3]) for row in cursor.fetchall()}
    tally = report.tally("decks")
    fresh: list[_ResolvedDeck] = []
    changed: list[tuple[int, _ResolvedDeck]] = []
    seen: set[tuple[str, str]] = set()
    for record in records:
        key = (record.set_code, record.name)
        if key in seen:
            report.issues.add("deck_repeated", f"{record.name} ({record.set_code})")
            continue
        seen.add(key)
        deck = _resolve(record, index=index, report=report)
        if key not in known:
            fresh.append(deck)
        elif known[key][1] != deck.fingerprint:
            changed.append((known[key][0], deck))
        else:
            tally.unchanged += 1
    tally.created += len(fresh)
    tally.updated += len(changed)
    _update(cursor, changed)
    created = list(zip(reserve_ids(cursor, "decks", len(fresh)), fresh, strict=True))
    columns = ("id", "set_code", "name", "kind", "released_on", "source", "fingerprint", "missing")
    copy_rows(
        cursor,
        "decks",
        columns,
        ((key, deck.record.set_code, deck.record.name, *_facts(deck)) for key, deck in created),
    )
    written = created + changed
    copy_rows(
        cursor,
        "deck_cards",
        ("deck_id", "single_id", "finish", "board", "quantity"),
        ((key, *line, copies) for key, deck in written for line, copies in deck.cards.items()),
    )
    for row_id, deck in written:
        record = deck.record
        index.deck_by_name[(record.set_code, record.name.casefold())] = Target(
            row_id, f"{record.set_code}/{record.name}"
        )
    return {row_id for row_id, _ in written}


def _resolve(record: DeckRecord, *, index: CatalogueIndex, report: ImportReport) -> _ResolvedDeck:
    cards: dict[tuple[UUID, str, str], int] = defaultdict(int)
    labels: dict[str, int] = defaultdict(int)
    missing = list(record.problems)
    where = f"{record.name} ({record.set_code})"
    for uuid, quantity, wanted, board in record.cards:
        ref = index.printing_by_uuid.get(uuid)
        if ref is None:
            report.issues.add("deck_card_unknown", f"{where}: {uuid}")
            missing.append(f"{quantity} x card {uuid}")
            continue
        finish = resolve_finish(wanted, ref.finishes)
        line = (ref.product_id, finish, board)
        if cards[line] + quantity > _MAX_COPIES:
            report.issues.add("deck_line_unreadable", f"{where}: too many copies of {ref.name}")
            missing.append(f"{quantity} x {ref.name}: more copies than a deck can hold")
            continue
        cards[line] += quantity
        labels[f"{ref.label}/{finish}/{board}"] += quantity
    released_on = record.released_on.isoformat() if record.released_on else None
    facts: dict[str, Any] = {
        "kind": record.kind,
        "released_on": released_on,
        "cards": labels,
        "missing": missing,
    }
    return _ResolvedDeck(
        record, {line: copies for line, copies in cards.items() if copies}, missing, fingerprint(facts)
    )


def _facts(deck: _ResolvedDeck) -> tuple[Any, ...]:
    return deck.record.kind, deck.record.released_on, _MTGJSON, deck.fingerprint, json.dumps(deck.missing)


def _update(cursor: CursorWrapper, changed: list[tuple[int, _ResolvedDeck]]) -> None:
    cursor.execute("DELETE FROM deck_cards WHERE deck_id = ANY(%s)", [[key for key, _ in changed]])
    cursor.executemany(
        "UPDATE decks SET kind = %s, released_on = %s, source = %s, fingerprint = %s, missing = %s"
        " WHERE id = %s",
        [(*_facts(deck), key) for key, deck in changed],
    )
