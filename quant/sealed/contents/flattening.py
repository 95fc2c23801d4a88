"""From nested contents to the flat lines of `product_singles` (MATHS 1.1)."""

from collections import defaultdict
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from hashlib import sha256
from typing import TypeAlias

from .expectation import certain_times, expected_draws, sheet_copies
from .model import CardKey, Choice, Contents, Pack

PROBABILITY_PLACES = 10
MAX_SLOT_LENGTH = 120

_SlotKey: TypeAlias = tuple[str, str, int]
"""Pack and sheet names with the pack's identity, or the path of a choice."""


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


@dataclass(frozen=True, slots=True)
class _Source:
    """What one trial of a slot can yield: expected copies per card in `trials` trials, and those rounded."""

    copies: dict[CardKey, Fraction]
    trials: int
    rounded: dict[CardKey, Decimal]

    @classmethod
    def of(cls, copies: dict[CardKey, Fraction], trials: int) -> "_Source":
        return cls(copies, trials, _round_to_places(copies, trials))

    def probabilities(self, share: Fraction) -> dict[CardKey, Decimal]:
        """Give the chances per trial where only a share of the trials happens on average."""
        if share == 1:
            return self.rounded
        return _round_to_places({card: copies * share for card, copies in self.copies.items()}, self.trials)


@dataclass(slots=True)
class _Slot:
    """A source in a product: how often it is expected to be there, and how often at most."""

    source: _Source
    expected: Fraction = Fraction(0)
    most: int = 0


@dataclass(slots=True)
class _Flat:
    """Certain copies, and slots by what they stand for."""

    certain: dict[CardKey, int] = field(default_factory=lambda: defaultdict(int))
    slots: dict[_SlotKey, _Slot] = field(default_factory=dict)

    def add(self, other: "_Flat", times: int) -> None:
        for card, copies in other.certain.items():
            self.certain[card] += copies * times
        for key, slot in other.slots.items():
            own = self.slots.setdefault(key, _Slot(slot.source))
            own.expected += slot.expected * times
            own.most += slot.most * times


class FlatteningCache:
    """Remembers the lines of packs by identity; pass one to a run over many products."""

    __slots__ = ("_packs",)

    def __init__(self) -> None:
        self._packs: dict[int, tuple[Pack, _Flat]] = {}

    def of_pack(self, pack: Pack) -> _Flat:
        """Give the flat form of one pack; the result is shared, do not change it."""
        known = self._packs.get(id(pack))
        if known is None:
            known = self._packs[id(pack)] = (pack, _flatten_pack(pack))
        return known[1]


def flatten(contents: Contents, *, cache: FlatteningCache | None = None) -> list[FlatLine]:
    """Write contents as flat lines whose trials times probability are the expected copies.

    The trials of a sheet are its most draws over the pack's configurations times the number of packs in ONE
    product (pull basis per product); the probability is the expected draws over the trials times the card's
    share. Rounding to ten places keeps each slot's sum (largest remainder), so it never exceeds 1. Lines of
    the same card and slot are one line. A random line whose chance rounds to 0 is kept with probability 0.

    Args:
        contents: of one product.
        cache: shared by calls for products that hold the same Pack objects.

    Returns:
        Guaranteed lines first, then slot by slot, in order of appearance.
    """
    flat = _flatten(contents, "", cache or FlatteningCache())
    lines = [FlatLine(card, True, copies, None, "") for card, copies in flat.certain.items()]
    names = _slot_names(list(flat.slots))
    for key, slot in flat.slots.items():
        trials = slot.source.trials * slot.most
        chances = slot.source.probabilities(slot.expected / slot.most)
        lines.extend(FlatLine(card, False, trials, chance, names[key]) for card, chance in chances.items())
    return lines


def _flatten(contents: Contents, path: str, cache: FlatteningCache) -> _Flat:
    flat = _Flat()
    for card, count in contents.cards:
        flat.certain[card] += count
    for pack, count in contents.packs:
        flat.add(cache.of_pack(pack), count)
    for position, (inner, count) in enumerate(contents.nested):
        flat.add(_flatten(inner, f"{path}{position + 1}.", cache), count)
    for position, (choice, count) in enumerate(contents.choices):
        flat.add(_flatten_choice(choice, f"{path}choice {position + 1}", cache), count)
    return flat


def _flatten_pack(pack: Pack) -> _Flat:
    flat = _Flat()
    is_certain = len(pack.configurations) == 1
    copies: dict[str, dict[CardKey, Fraction]] = {}
    most: dict[str, int] = defaultdict(int)
    for configuration in pack.configurations:
        share = Fraction(configuration.weight, pack.total_weight)
        trials: dict[str, int] = defaultdict(int)
        for sheet in configuration.draws:
            if is_certain and sheet.is_fixed:
                for card, number in zip(sheet.cards, sheet.weights, strict=True):
                    flat.certain[card] += number
                continue
            trials[sheet.name] += sheet.size
            own = copies.setdefault(sheet.name, defaultdict(Fraction))
            for card, expected in zip(sheet.cards, sheet_copies(sheet), strict=True):
                own[card] += expected * share
        for name, count in trials.items():
            most[name] = max(most[name], count)
    for name, own in copies.items():
        flat.slots[(pack.name, name, id(pack))] = _Slot(_Source.of(own, most[name]), Fraction(1), 1)
    return flat


def _flatten_choice(choice: Choice, path: str, cache: FlatteningCache) -> _Flat:
    inner = [
        _flatten(alternative.contents, f"{path}/{position + 1}.", cache)
        for position, alternative in enumerate(choice.alternatives)
    ]
    flat = _Flat()
    always = certain_times(choice)
    if always:
        for alternative in inner:
            flat.add(alternative, always)
        return flat
    drawn = expected_draws(choice)
    _add_certain_parts(flat, choice, path, inner)
    most: dict[_SlotKey, list[int]] = defaultdict(list)
    for alternative, times in zip(inner, drawn, strict=True):
        for key, slot in alternative.slots.items():
            own = flat.slots.setdefault(key, _Slot(slot.source))
            own.expected += slot.expected * times
            most[key].append(slot.most)
    for key, counts in most.items():
        flat.slots[key].most = _most_trials(choice, counts)
    return flat


def _add_certain_parts(flat: _Flat, choice: Choice, path: str, inner: list[_Flat]) -> None:
    """Cards that come with an alternative are one slot: a trial is one card of the drawn alternatives."""
    sizes = [sum(alternative.certain.values()) for alternative in inner]
    if not any(sizes):
        return
    copies: dict[CardKey, Fraction] = defaultdict(Fraction)
    for alternative, times in zip(inner, expected_draws(choice), strict=True):
        for card, number in alternative.certain.items():
            copies[card] += number * times
    source = _Source.of(copies, _most_trials(choice, sizes))
    flat.slots[(path, "", 0)] = _Slot(source, Fraction(1), 1)


def _most_trials(choice: Choice, trials: list[int]) -> int:
    if choice.with_replacement:
        return max(trials) * choice.draws
    return sum(sorted(trials, reverse=True)[: choice.draws])


def _slot_names(keys: list[_SlotKey]) -> dict[_SlotKey, str]:
    names: dict[_SlotKey, str] = {}
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


def _round_to_places(copies: dict[CardKey, Fraction], trials: int) -> dict[CardKey, Decimal]:
    """Divide by the trials and round so that the sum of the chances is rounded only once."""
    unit = 10**PROBABILITY_PLACES
    parts = {
        card: divmod(expected.numerator * unit, expected.denominator * trials)
        for card, expected in copies.items()
    }
    target = round(sum(copies.values(), Fraction(0)) * unit / trials)
    missing = target - sum(whole for whole, _ in parts.values())
    by_remainder = sorted(parts, key=lambda card: -parts[card][1] / (copies[card].denominator * trials))
    raised = set(by_remainder[:missing])
    return {
        card: Decimal(whole + (card in raised)).scaleb(-PROBABILITY_PLACES)
        for card, (whole, _) in parts.items()
    }
