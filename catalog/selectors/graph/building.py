"""From rows to quant's contents: every pack, deck and product is built once and shared."""

from collections import defaultdict
from uuid import UUID

from quant.sealed.contents import (
    Alternative,
    Choice,
    Contents,
    ContentsError,
    Pack,
    PackConfiguration,
    SheetDraw,
)

from . import reasons
from .loading import MAX_DEPTH, ChoiceRows, GraphRows, Line, PackRows, StaffLine
from .reasons import reason

_PROBABILITY_UNITS = 10**10  # product_singles keeps ten places


class GraphBuilder:
    """Builds contents on demand and remembers them."""

    def __init__(self, rows: GraphRows) -> None:
        self._rows = rows
        self._contents: dict[UUID, Contents] = {}
        self._depths: dict[UUID, int] = {}
        self._packs: dict[int, Pack | str] = {}
        self._decks: dict[int, Contents] = {}

    def contents(self, product_id: UUID) -> Contents:
        """Give the contents of one product. Cycles were cut before, so this ends."""
        known = self._contents.get(product_id)
        if known is None:
            known = self._contents[product_id] = self._build(product_id)
        return known

    def depth(self, product_id: UUID) -> int:
        """Give how many levels of sealed products are below this one, cyclic references not counted."""
        known = self._depths.get(product_id)
        if known is None:
            version = self._rows.versions.get(product_id)
            inside = [line.sealed_id for line in version.lines if line.sealed_id] if version else []
            deepest = max(
                (self.depth(i) + 1 for i in inside if (product_id, i) not in self._rows.cyclic), default=0
            )
            known = self._depths[product_id] = deepest
        return known

    def _build(self, product_id: UUID) -> Contents:
        version, staff = self._rows.versions.get(product_id), self._rows.staff.get(product_id, [])
        parts = _Parts()
        if version is not None:
            for line in version.lines:
                if line.alternative_id is None:
                    self._add(parts, product_id, line)
            by_alternative: dict[int, _Parts] = defaultdict(_Parts)
            for line in version.lines:
                if line.alternative_id is not None:
                    self._add(by_alternative[line.alternative_id], product_id, line)
            for rows in version.choices.values():
                _add_choice(parts, rows, by_alternative)
            parts.unresolved.extend(reason(reasons.UNREADABLE, problem) for problem in version.problems)
        is_unknown = version is None or not (version.lines or version.choices or version.problems)
        if is_unknown and not staff:
            name = self._rows.names.get(product_id, str(product_id))
            parts.unresolved.append(reason(reasons.CONTENTS_UNKNOWN, name))
        _add_staff_lines(parts, staff)
        return parts.contents()

    def _add(self, parts: "_Parts", product_id: UUID, line: Line) -> None:
        if line.card_key is not None:
            parts.cards[(line.card_key, line.finish)] += line.quantity
        elif line.deck_id is not None:
            parts.nest(self._deck(line.deck_id), line.quantity)
        elif line.pack_id is not None:
            self._add_pack(parts, line.pack_id, line.quantity)
        elif line.sealed_id is not None:
            self._add_sealed(parts, product_id, line.sealed_id, line.quantity)
        elif line.kind in reasons.MISSING_BY_KIND:
            parts.unresolved.append(reason(reasons.MISSING_BY_KIND[line.kind], line.name))

    def _add_sealed(self, parts: "_Parts", product_id: UUID, inside: UUID, quantity: int) -> None:
        name = self._rows.names.get(inside, str(inside))
        if (product_id, inside) in self._rows.cyclic:
            parts.unresolved.append(
                reason(reasons.CONTAINS_ITSELF, f"{self._rows.names[product_id]} > {name}")
            )
        elif self.depth(inside) >= MAX_DEPTH or inside not in self._rows.names:
            parts.unresolved.append(reason(reasons.TOO_DEEP, name))
        else:
            parts.nest(self.contents(inside), quantity)

    def _deck(self, key: int) -> Contents:
        known = self._decks.get(key)
        if known is None:
            rows = self._rows.decks[key]
            missing = [reason(reasons.DECK_INCOMPLETE, f"{rows.label}: {what}") for what in rows.missing]
            if not rows.cards and not missing:
                missing = [reason(reasons.DECK_INCOMPLETE, f"{rows.label}: no cards")]
            known = self._decks[key] = Contents(cards=tuple(rows.cards), unresolved=tuple(missing))
        return known

    def _add_pack(self, parts: "_Parts", key: int, quantity: int) -> None:
        rows = self._rows.packs[key]
        if key not in self._packs:
            self._packs[key] = _pack(rows)
        pack = self._packs[key]
        if isinstance(pack, str):
            parts.unresolved.append(reason(reasons.PACK_IMPOSSIBLE, f"{rows.label}: {pack}"))
            return
        parts.packs.append((pack, quantity))
        missing = [
            *rows.missing,
            *(f"sheet {sheet.name}: no cards" for sheet in rows.sheets.values() if not sheet.cards),
        ]
        if missing:
            more = f" and {len(missing) - 1} more" if len(missing) > 1 else ""
            parts.unresolved.append(reason(reasons.PACK_INCOMPLETE, f"{rows.label}: {missing[0]}{more}"))


class _Parts:
    """Contents in the making."""

    def __init__(self) -> None:
        self.cards: dict[tuple[int, str], int] = defaultdict(int)
        self.packs: list[tuple[Pack, int]] = []
        self.choices: list[tuple[Choice, int]] = []
        self.nested: dict[
            int, tuple[Contents, int]
        ] = {}  # by identity: the same thing twice is once, doubled
        self.unresolved: list[str] = []

    def nest(self, inner: Contents, quantity: int) -> None:
        """Add copies of other contents."""
        _, before = self.nested.get(id(inner), (inner, 0))
        self.nested[id(inner)] = (inner, before + quantity)

    def contents(self) -> Contents:
        """Give the finished value."""
        return Contents(
            cards=tuple(self.cards.items()),
            packs=tuple(self.packs),
            choices=tuple(self.choices),
            nested=tuple(self.nested.values()),
            unresolved=tuple(dict.fromkeys(self.unresolved)),
        )


def _add_choice(parts: _Parts, rows: ChoiceRows, by_alternative: dict[int, _Parts]) -> None:
    alternatives = tuple(
        Alternative(weight, by_alternative[key].contents()) for key, weight in rows.alternatives
    )
    try:
        parts.choices.append((Choice(rows.draws, rows.with_replacement, alternatives), 1))
    except ContentsError as error:
        parts.unresolved.append(reason(reasons.UNREADABLE, str(error)))


def _pack(rows: PackRows) -> Pack | str:
    """Build a pack, or say why it cannot be filled.

    Where cards of a sheet are missing, the known ones stand for the pack as far as they go; it is reported as
    incomplete beside.
    """
    try:
        configurations = tuple(
            PackConfiguration(
                weight, tuple(_draw(rows, key, quantity) for key, quantity in draws if rows.sheets[key].cards)
            )
            for weight, draws in rows.configurations.values()
        )
        return Pack(rows.label, configurations)
    except ContentsError as error:
        return str(error)


def _draw(rows: PackRows, key: int, quantity: int) -> SheetDraw:
    sheet = rows.sheets[key]
    return SheetDraw(
        sheet.name,
        tuple(sheet.cards),
        tuple(sheet.weights),
        min(quantity, len(sheet.cards)) if rows.missing and not sheet.allow_duplicates else quantity,
        allow_duplicates=sheet.allow_duplicates,
        is_fixed=sheet.is_fixed,
    )


def _add_staff_lines(parts: _Parts, lines: list[StaffLine]) -> None:
    """Add what staff entered: sure copies as cards, a slot as one draw per trial with an empty remainder."""
    slots: dict[tuple[str, int], list[StaffLine]] = defaultdict(list)
    for position, line in enumerate(lines):
        if line.guaranteed:
            parts.cards[line.card] += line.trials
        else:
            slots[(line.slot or f"line {position}", line.trials)].append(line)
    for (_, trials), drawn in slots.items():
        alternatives = [
            Alternative(units, Contents(cards=((line.card, 1),)))
            for line in drawn
            if (units := int((line.probability or 0) * _PROBABILITY_UNITS)) > 0
        ]
        rest = _PROBABILITY_UNITS - sum(alternative.weight for alternative in alternatives)
        if rest > 0:
            alternatives.append(Alternative(rest, Contents()))
        parts.choices.append((Choice(1, True, tuple(alternatives)), trials))
