"""How many copies of each card a sealed product holds on average, exactly."""

from collections.abc import Iterable
from fractions import Fraction

from .model import CardKey, Choice, Contents, Pack, SheetDraw
from .sampling import inclusion_probabilities

Copies = dict[CardKey, Fraction]


class ExpectationCache:
    """Remembers the expected copies of packs by identity; pass one to a run over many products."""

    __slots__ = ("_packs",)

    def __init__(self) -> None:
        self._packs: dict[int, tuple[Pack, Copies]] = {}

    def of_pack(self, pack: Pack) -> Copies:
        """Give the expected copies in one pack; the result is shared, do not change it."""
        known = self._packs.get(id(pack))
        if known is None:
            known = self._packs[id(pack)] = (pack, _copies_of_pack(pack))
        return known[1]


def expected_copies(contents: Contents, *, cache: ExpectationCache | None = None) -> dict[CardKey, Fraction]:
    """Give the exact expected number of copies of each card in ONE product.

    Unresolved parts count as nothing; the caller decides whether incomplete contents may be used.

    Args:
        contents: checked contents.
        cache: shared by calls for products that hold the same Pack objects.
    """
    return _copies_of(contents, cache or ExpectationCache())


def guaranteed_copies(contents: Contents) -> dict[CardKey, int]:
    """Count the copies that are certainly inside: `flatten`'s guaranteed lines.

    Cards by themselves, whole sheets of packs that can only be filled one way, and choices that leave no
    choice.
    """
    copies: dict[CardKey, int] = dict.fromkeys((card for card, _ in contents.cards), 0)
    for card, count in contents.cards:
        copies[card] += count
    parts = [(_guaranteed_in_pack(pack), count) for pack, count in contents.packs]
    parts += [(guaranteed_copies(inner), count) for inner, count in contents.nested]
    for choice, count in contents.choices:
        times = certain_times(choice) * count
        if times:
            parts += [(guaranteed_copies(alternative.contents), times) for alternative in choice.alternatives]
    for inside, times in parts:
        for card, number in inside.items():
            copies[card] = copies.get(card, 0) + number * times
    return copies


def certain_times(choice: Choice) -> int:
    """Say how often every alternative is certainly drawn; 0 if that is left to chance."""
    if len(choice.alternatives) == 1:
        return choice.draws
    return int(not choice.with_replacement and choice.draws == len(choice.alternatives))


def _guaranteed_in_pack(pack: Pack) -> dict[CardKey, int]:
    copies: dict[CardKey, int] = {}
    if len(pack.configurations) == 1:
        for sheet in pack.configurations[0].draws:
            if sheet.is_fixed:
                for card, weight in zip(sheet.cards, sheet.weights, strict=True):
                    copies[card] = copies.get(card, 0) + weight
    return copies


def sheet_copies(sheet: SheetDraw) -> tuple[Fraction, ...]:
    """Give the expected copies of each card of a sheet in one pack that draws from it."""
    if sheet.is_fixed:
        return tuple(Fraction(weight) for weight in sheet.weights)
    if sheet.allow_duplicates:
        total = sum(sheet.weights)
        return tuple(Fraction(sheet.draws * weight, total) for weight in sheet.weights)
    return inclusion_probabilities(sheet.weights, sheet.draws)


def expected_draws(choice: Choice) -> tuple[Fraction, ...]:
    """Give how often each alternative of a choice is drawn on average."""
    weights = choice.weights
    if choice.with_replacement:
        total = sum(weights)
        return tuple(Fraction(choice.draws * weight, total) for weight in weights)
    return inclusion_probabilities(weights, choice.draws)


def _copies_of(contents: Contents, cache: ExpectationCache) -> Copies:
    copies: Copies = {}
    for card, count in contents.cards:
        copies[card] = copies.get(card, Fraction(0)) + count
    for pack, count in contents.packs:
        _add(copies, cache.of_pack(pack).items(), Fraction(count))
    for inner, count in contents.nested:
        _add(copies, _copies_of(inner, cache).items(), Fraction(count))
    for choice, count in contents.choices:
        for alternative, drawn in zip(choice.alternatives, expected_draws(choice), strict=True):
            _add(copies, _copies_of(alternative.contents, cache).items(), drawn * count)
    return copies


def _copies_of_pack(pack: Pack) -> Copies:
    copies: Copies = {}
    for configuration in pack.configurations:
        share = Fraction(configuration.weight, pack.total_weight)
        for sheet in configuration.draws:
            _add(copies, zip(sheet.cards, sheet_copies(sheet), strict=True), share)
    return copies


def _add(copies: Copies, added: Iterable[tuple[CardKey, Fraction]], factor: Fraction) -> None:
    for card, amount in added:
        copies[card] = copies.get(card, Fraction(0)) + amount * factor
