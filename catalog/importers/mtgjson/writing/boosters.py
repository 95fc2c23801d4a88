"""Boosters: a changed pack replaces its sheets and configurations, an unchanged one is not touched."""

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.backends.utils import CursorWrapper

from catalog.choices import Finish
from common.bulk import copy_rows

from ..records import BoosterRecord, SheetRecord
from ..report import ImportReport
from .index import CatalogueIndex, Target, resolve_finish
from .rows import fingerprint, reserve_ids

_MTGJSON = "mtgjson"


@dataclass(frozen=True, slots=True)
class _ResolvedPack:
    record: BoosterRecord
    sheets: list[tuple[SheetRecord, dict[tuple[UUID, str], int]]]  # (product, finish) -> weight
    missing: list[str]
    fingerprint: str


def write_boosters(
    cursor: CursorWrapper, records: list[BoosterRecord], *, index: CatalogueIndex, report: ImportReport
) -> set[int]:
    """Write the packs that are new or different and register them in the index.

    Returns:
        Keys of the packs created or changed.
    """
    cursor.execute("SELECT set_code, code, id, fingerprint FROM booster_packs")
    known = {(row[0], row[1]): (row[2], row[3]) for row in cursor.fetchall()}
    tally = report.tally("boosters")
    fresh: list[_ResolvedPack] = []
    changed: list[tuple[int, _ResolvedPack]] = []
    seen: set[tuple[str, str]] = set()
    for record in records:
        key = (record.set_code, record.code)
        if key in seen:
            report.issues.add("booster_repeated", f"{record.set_code} {record.code}")
            continue
        seen.add(key)
        pack = _resolve(record, index=index, report=report)
        if key not in known:
            fresh.append(pack)
        elif known[key][1] != pack.fingerprint:
            changed.append((known[key][0], pack))
        else:
            tally.unchanged += 1
    tally.created += len(fresh)
    tally.updated += len(changed)
    _clear(cursor, changed)
    created = list(zip(reserve_ids(cursor, "booster_packs", len(fresh)), fresh, strict=True))
    columns = ("id", "set_code", "code", "name", "source", "fingerprint", "missing")
    copy_rows(
        cursor,
        "booster_packs",
        columns,
        ((key, pack.record.set_code, pack.record.code, *_facts(pack)) for key, pack in created),
    )
    written = created + changed
    _write_inside(cursor, written)
    for row_id, pack in written:
        record = pack.record
        index.pack_by_code[(record.set_code, record.code)] = Target(
            row_id, f"{record.set_code}/{record.code}"
        )
    return {row_id for row_id, _ in written}


def _resolve(record: BoosterRecord, *, index: CatalogueIndex, report: ImportReport) -> _ResolvedPack:
    where = f"{record.set_code} {record.code}"
    missing = list(record.problems)
    sheets: list[tuple[SheetRecord, dict[tuple[UUID, str], int]]] = []
    canonical: dict[str, Any] = {}
    for sheet in record.sheets:
        wanted = Finish.FOIL.value if sheet.is_foil else Finish.NONFOIL.value
        cards: dict[tuple[UUID, str], int] = {}
        labels: dict[str, int] = {}
        for uuid, weight in sheet.cards:
            ref = index.printing_by_uuid.get(uuid)
            if ref is None:
                report.issues.add("sheet_card_unknown", f"{where}, sheet {sheet.name}: {uuid}")
                missing.append(f"sheet {sheet.name}: card {uuid}")
                continue
            card = (ref.product_id, resolve_finish(wanted, ref.finishes))
            if card in cards:  # the other face of a card already on the sheet
                report.issues.add("sheet_card_repeated", f"{where}, sheet {sheet.name}: {ref.name}")
                continue
            cards[card] = weight
            labels[f"{ref.label}/{card[1]}"] = weight
        sheets.append((sheet, cards))
        canonical[sheet.name] = [
            sheet.allow_duplicates,
            sheet.balance_colors,
            sheet.is_fixed,
            sheet.is_foil,
            labels,
        ]
    facts = {
        "name": record.name, "configurations": record.configurations, "sheets": canonical, "missing": missing
    }  # fmt: skip
    return _ResolvedPack(record, sheets, missing, fingerprint(facts))


def _facts(pack: _ResolvedPack) -> tuple[Any, ...]:
    return pack.record.name, _MTGJSON, pack.fingerprint, json.dumps(pack.missing)


def _clear(cursor: CursorWrapper, changed: list[tuple[int, _ResolvedPack]]) -> None:
    keys = [key for key, _ in changed]
    for statement in (
        "DELETE FROM booster_configuration_sheets USING booster_configurations c"
        " WHERE configuration_id = c.id AND c.pack_id = ANY(%s)",
        "DELETE FROM booster_configurations WHERE pack_id = ANY(%s)",
        "DELETE FROM booster_sheet_cards USING booster_sheets s"
        " WHERE sheet_id = s.id AND s.pack_id = ANY(%s)",
        "DELETE FROM booster_sheets WHERE pack_id = ANY(%s)",
    ):
        cursor.execute(statement, [keys])
    cursor.executemany(
        "UPDATE booster_packs SET name = %s, source = %s, fingerprint = %s, missing = %s WHERE id = %s",
        [(*_facts(pack), key) for key, pack in changed],
    )


def _write_inside(cursor: CursorWrapper, written: list[tuple[int, _ResolvedPack]]) -> None:
    sheets = [(key, sheet, cards) for key, pack in written for sheet, cards in pack.sheets]
    sheet_ids = reserve_ids(cursor, "booster_sheets", len(sheets))
    copy_rows(
        cursor,
        "booster_sheets",
        ("id", "pack_id", "name", "is_foil", "allow_duplicates", "balance_colors", "is_fixed"),
        (
            (sheet_id, key, s.name, s.is_foil, s.allow_duplicates, s.balance_colors, s.is_fixed)
            for sheet_id, (key, s, _) in zip(sheet_ids, sheets, strict=True)
        ),
    )
    copy_rows(
        cursor,
        "booster_sheet_cards",
        ("sheet_id", "single_id", "finish", "weight"),
        (
            (sheet_id, *card, weight)
            for sheet_id, (_, _, cards) in zip(sheet_ids, sheets, strict=True)
            for card, weight in cards.items()
        ),
    )
    by_name = {
        (key, sheet.name): sheet_id for sheet_id, (key, sheet, _) in zip(sheet_ids, sheets, strict=True)
    }
    configurations = [
        (key, position, weight, draws)
        for key, pack in written
        for position, (weight, draws) in enumerate(pack.record.configurations)
    ]
    ids = reserve_ids(cursor, "booster_configurations", len(configurations))
    copy_rows(
        cursor,
        "booster_configurations",
        ("id", "pack_id", "position", "weight"),
        ((row_id, *row[:3]) for row_id, row in zip(ids, configurations, strict=True)),
    )
    copy_rows(
        cursor,
        "booster_configuration_sheets",
        ("configuration_id", "sheet_id", "quantity"),
        (
            (row_id, by_name[(key, name)], quantity)
            for row_id, (key, _, _, draws) in zip(ids, configurations, strict=True)
            for name, quantity in draws
        ),
    )
