"""From nested contents to the flat lines of `product_singles` (MATHS 1.1)."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256

from .expectation import certain_times, expected_draws, sheet_copies
from .model import CardKey, Choice, Contents, Pack, SheetDraw

PROBABILITY_PLACES = 10
MAX_SLOT_LENGTH = 120


@dataclass(frozen=True, slots=True)
class FlatLine:
    """Copies of one card in ONE sealed product.

    Args:
        card: the key.
        guaranteed: `trials` copies are certainly inside; otherwise each of `trials` trials yields the card
            with `probability`.
        trials: copies or trials, >= 1.
        probability: None on guaranteed lines, else 0..1 to ten places.
        slot: lines of one slot exclude each other within a trial, so their probabilities sum to at most 1;
            empty on guaranteed lines.
    """

    card: CardKey
    guaranteed: bool
    trials: int
    probability: Decimal | None
    slot: str


@dataclass(slots=True)
class _Slot:
    """Draws of the same kind: the most there can be, and the expected copies per card."""

    trials: int = 0
    copies: dict[CardKey, Fraction] = field(default_factory=lambda: defaultdict(Fraction))


@dataclass(slots=True)
class _Flat:
    """Certain copies, and slots by what they stand for."""

    certain: dict[CardKey, int] = field(default_factory=lambda: defaultdict(int))
    slots: dict[tuple[str, str, int], _Slot] = field(default_factory=lambda: defaultdict(_Slot))

    def add(self, other: "_Flat", times: int) -> None:
        for card, copies in other.certain.items():
            self.certain[card] += copies * times
        for key, slot in other.slots.items():
            own = self.slots[key]
            own.trials += slot.trials * times
            for card, expected in slot.copies.items():
                own.copies[card] += expected * times


def flatten(contents: Contents) -> list[FlatLine]:
    """Write contents as flat lines whose trials times probability are the expected copies.

    The trials of a sheet are its most draws over the pack's configurations times the number of packs in ONE
    product (pull basis per product); the probability is the expected draws over the trials times the card's
    share. Rounding to ten places keeps each slot's sum (largest remainder), so it never exceeds 1. Lines of
    the same card and slot are one line. A random line whose chance rounds to 0 is kept with probability 0.

    Returns:
        Guaranteed lines first, then slot by slot, in order of appearance.
    """
    flat = _flatten(contents, path="")
    lines = [FlatLine(card, True, copies, None, "") for card, copies in flat.certain.items()]
    names = _slot_names(list(flat.slots))
    for key, slot in flat.slots.items():
        probabilities = _round_to_places({card: copies / slot.trials for card, copies in slot.copies.items()})
        lines.extend(FlatLine(card, False, slot.trials, p, names[key]) for card, p in probabilities.items())
    return lines


def _flatten(contents: Contents, path: str) -> _Flat:
    flat = _Flat()
    for card, count in contents.cards:
        flat.certain[card] += count
    for pack, count in contents.packs:
        flat.add(_flatten_pack(pack), count)
    for position, (inner, count) in enumerate(contents.nested):
        flat.add(_flatten(inner, f"{path}{position + 1}."), count)
    for position, (choice, count) in enumerate(contents.choices):
        flat.add(_flatten_choice(choice, f"{path}choice {position + 1}"), count)
    return flat


def _flatten_pack(pack: Pack) -> _Flat:
    flat = _Flat()
    is_certain = len(pack.configurations) == 1
    most: dict[str, int] = defaultdict(int)
    for configuration in pack.configurations:
        share = Fraction(configuration.weight, pack.total_weight)
        trials: dict[str, int] = defaultdict(int)
        for sheet in configuration.draws:
            if is_certain and sheet.is_fixed:
                for card, copies in zip(sheet.cards, sheet.weights, strict=True):
                    flat.certain[card] += copies
                continue
            trials[sheet.name] += sheet.size
            _add_sheet(flat.slots[(pack.name, sheet.name, id(pack))], sheet, share)
        for name, count in trials.items():
            most[name] = max(most[name], count)
    for name, count in most.items():
        flat.slots[(pack.name, name, id(pack))].trials = count
    return flat


def _add_sheet(slot: _Slot, sheet: SheetDraw, share: Fraction) -> None:
    for card, copies in zip(sheet.cards, sheet_copies(sheet), strict=True):
        slot.copies[card] += copies * share


def _flatten_choice(choice: Choice, path: str) -> _Flat:
    inner = [
        _flatten(alternative.contents, f"{path}/{position + 1}.")
        for position, alternative in enumerate(choice.alternatives)
    ]
    flat = _Flat()
    always = certain_times(choice)
    if always:
        for alternative in inner:
            flat.add(alternative, always)
        return flat
    drawn = expected_draws(choice)
    own = (path, "", 0)
    most: dict[tuple[str, str, int], list[int]] = defaultdict(list)
    for alternative, times in zip(inner, drawn, strict=True):
        if alternative.certain:
            most[own].append(sum(alternative.certain.values()))
        for card, copies in alternative.certain.items():
            flat.slots[own].copies[card] += copies * times
        for key, slot in alternative.slots.items():
            most[key].append(slot.trials)
            for card, expected in slot.copies.items():
                flat.slots[key].copies[card] += expected * times
    for key, trials in most.items():
        flat.slots[key].trials = _most_trials(choice, trials)
    return flat


def _most_trials(choice: Choice, trials: list[int]) -> int:
    if choice.with_replacement:
        return max(trials) * choice.draws
    return sum(sorted(trials, reverse=True)[: choice.draws])


def _slot_names(keys: list[tuple[str, str, int]]) -> dict[tuple[str, str, int], str]:
    names: dict[tuple[str, str, int], str] = {}
    used: set[str] = set()
    for key in keys:
        pack, sheet, _ = key
        wanted = _fit(f"{pack}/{sheet}" if sheet else pack)
        name, number = wanted, 1
        while name in used:
            number += 1
            name = f"{wanted[: MAX_SLOT_LENGTH - 5]}#{number}"
        used.add(name)
        names[key] = name
    return names


def _fit(name: str) -> str:
    if len(name) <= MAX_SLOT_LENGTH:
        return name
    digest = sha256(name.encode()).hexdigest()[:12]
    return f"{name[: MAX_SLOT_LENGTH - 13]}~{digest}"


def _round_to_places(shares: dict[CardKey, Fraction]) -> dict[CardKey, Decimal]:
    unit = 10**PROBABILITY_PLACES
    floors = {card: share.numerator * unit // share.denominator for card, share in shares.items()}
    target = sum(shares.values(), Fraction(0)) * unit
    missing = round(target) - sum(floors.values())
    by_remainder = sorted(shares, key=lambda card: floors[card] - shares[card] * unit)
    for card in by_remainder[:missing]:
        floors[card] += 1
    return {card: Decimal(units).scaleb(-PROBABILITY_PLACES) for card, units in floors.items()}
