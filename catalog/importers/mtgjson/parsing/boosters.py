"""Boosters of a set: weighted configurations of weighted sheets."""

from typing import Any

from ..records import BoosterRecord, SheetRecord
from ..report import Issues
from . import fields

_MAX_CONFIGURATIONS = 5_000  # real packs have up to 60


def parse_booster(row: Any, *, set_code: str, code: str, issues: Issues) -> BoosterRecord | None:
    """Read one booster; None when nothing of it is usable. Senseless weights become problems of the pack."""
    where = f"{set_code} {code}"
    problems: list[str] = []
    sheets: dict[str, SheetRecord] = {}
    for name, stated in fields.table(row, "sheets").items():
        sheet = _sheet(
            stated, name=fields.clean(name, limit=100), where=where, problems=problems, issues=issues
        )
        if sheet is not None:
            sheets.setdefault(sheet.name, sheet)
    configurations = _configurations(row, sheets=sheets, where=where, problems=problems, issues=issues)
    if not configurations or not fields.clean(code, limit=60):
        issues.add("booster_unreadable", where)
        return None
    return BoosterRecord(
        set_code=set_code,
        code=fields.clean(code, limit=60),
        name=fields.text(row, "name"),
        configurations=configurations,
        sheets=tuple(sheets.values()),
        problems=tuple(dict.fromkeys(problems)),
    )


def _sheet(stated: Any, *, name: str, where: str, problems: list[str], issues: Issues) -> SheetRecord | None:
    if not name:
        issues.add("sheet_unreadable", where)
        return None
    cards: dict[str, int] = {}
    for uuid, stated_weight in fields.table(stated, "cards").items():
        weight = fields.weight(stated_weight)
        if weight is None or not fields.clean(uuid, limit=100):
            issues.add("weight_not_positive", f"{where}, sheet {name}: {stated_weight!r}")
            if fields.whole(stated_weight) != 0:  # weight 0 says "never": leaving it out is exact
                problems.append(f"sheet {name}: a weight that is no positive whole number")
            continue
        cards[uuid] = weight
    return SheetRecord(
        name=name,
        is_foil=fields.flag(stated, "foil"),
        allow_duplicates=fields.flag(stated, "allowDuplicates"),
        balance_colors=fields.flag(stated, "balanceColors"),
        is_fixed=fields.flag(stated, "fixed"),
        cards=tuple(cards.items()),
    )


def _configurations(
    row: Any, *, sheets: dict[str, SheetRecord], where: str, problems: list[str], issues: Issues
) -> tuple[tuple[int, tuple[tuple[str, int], ...]], ...]:
    found: list[tuple[int, tuple[tuple[str, int], ...]]] = []
    for stated in fields.rows(row, "boosters"):
        weight = fields.weight(stated.get("weight", 1)) if isinstance(stated, dict) else None
        if weight is None:
            issues.add("weight_not_positive", f"{where}: a configuration")
            if fields.whole(stated.get("weight") if isinstance(stated, dict) else None) != 0:
                problems.append("a configuration's weight is no positive whole number")
            continue
        draws: dict[str, int] = {}
        for stated_name, quantity in fields.table(stated, "contents").items():
            name, drawn = fields.clean(stated_name, limit=100), fields.count({"count": quantity})
            if name not in sheets or drawn is None or quantity is None:
                issues.add("sheet_missing", f"{where}: {name}")
                problems.append(f"sheet {name}: missing, or drawn a senseless number of times")
                continue
            draws[name] = drawn
        found.append((weight, tuple(draws.items())))
    if len(found) > _MAX_CONFIGURATIONS:
        problems.append(f"more than {_MAX_CONFIGURATIONS:,} configurations")
        return ()
    return tuple(found)
