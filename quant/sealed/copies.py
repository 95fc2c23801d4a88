"""How many copies of each card one product holds: the whole distribution, up to the number that matters.

For what depends on the number and not only on its mean, such as a buylist that takes so many copies and no
more (MATHS 1.6: the value is concave, so the mean number of copies overstates it). Each card is looked at by
itself; what it shares with other cards does not matter here. Packs of one kind are independent and equal, so
their copies are a binomial or close to it, computed by repeated squaring.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from typing import Final

import numpy as np
from numpy.typing import NDArray

from .contents.expectation import sheet_copies
from .contents.model import CardKey, Choice, Contents, Pack, SheetDraw
from .contents.sampling import class_counts, inclusion_probabilities, is_enumerable, weight_classes

Chances = NDArray[np.float64]
"""Probability of 0, 1, 2, … copies; the last one is of so many or more where the limit cut it off."""

NONE_INSIDE: Final[Chances] = np.ones(1)


def copy_chances(contents: Contents, *, limits: Mapping[CardKey, int]) -> dict[CardKey, Chances]:
    """Give the distribution of the copies of some cards in ONE product.

    Exact to rounding, but for choices without replacement among so many different weights that they cannot be
    enumerated: their alternatives are taken as independent, which spreads the number a little more.

    Args:
        contents: of the product; unresolved parts hold nothing.
        limits: the cards, and up to how many copies each is told apart, >= 0.

    Returns:
        Card -> chances of 0, 1, … copies, at most limit + 1 of them; cards that are not inside are absent.
    """
    return _Calculator(limits).of_contents(contents)


class _Calculator:
    """Distributions under one table of limits; remembers packs by identity."""

    def __init__(self, limits: Mapping[CardKey, int]) -> None:
        self._limits = limits
        self._packs: dict[int, tuple[Pack, dict[CardKey, Chances]]] = {}

    def of_contents(self, contents: Contents) -> dict[CardKey, Chances]:
        parts = [({card: _certain(count)}, 1) for card, count in contents.cards if card in self._limits]
        parts += [(self.of_pack(pack), count) for pack, count in contents.packs]
        parts += [(self.of_contents(inner), count) for inner, count in contents.nested]
        parts += [(self.of_choice(choice), count) for choice, count in contents.choices]
        found: dict[CardKey, Chances] = {}
        for inside, count in parts:
            for card, chances in inside.items():
                repeated = self._power(card, chances, count)
                found[card] = self._sum(card, found.get(card, NONE_INSIDE), repeated)
        return found

    def of_pack(self, pack: Pack) -> dict[CardKey, Chances]:
        known = self._packs.get(id(pack))
        if known is None:
            filled = [
                (configuration.weight, self._of_sheets(configuration.draws))
                for configuration in pack.configurations
            ]
            known = self._packs[id(pack)] = (pack, _mixed(filled))
        return known[1]

    def of_choice(self, choice: Choice) -> dict[CardKey, Chances]:
        inner = [self.of_contents(alternative.contents) for alternative in choice.alternatives]
        if choice.with_replacement or choice.draws == 1:
            once = _mixed(list(zip(choice.weights, inner, strict=True)))
            return {card: self._power(card, chances, choice.draws) for card, chances in once.items()}
        cards = {card for inside in inner for card in inside}
        return {card: self._drawn(card, choice, inner) for card in cards}

    def _of_sheets(self, sheets: Iterable[SheetDraw]) -> dict[CardKey, Chances]:
        found: dict[CardKey, Chances] = {}
        for sheet in sheets:
            for card, chances in self._of_sheet(sheet).items():
                found[card] = self._sum(card, found.get(card, NONE_INSIDE), chances)
        return found

    def _of_sheet(self, sheet: SheetDraw) -> dict[CardKey, Chances]:
        if not self._limits.keys() & set(sheet.cards):
            return {}
        mean = dict(zip(sheet.cards, sheet_copies(sheet), strict=True))
        wanted = [card for card in sheet.cards if card in self._limits]
        if sheet.is_fixed:
            return {card: self._cut(card, _certain(int(mean[card]))) for card in wanted}
        if sheet.allow_duplicates:
            return {card: self._power(card, _once(mean[card] / sheet.draws), sheet.draws) for card in wanted}
        return {card: _once(mean[card]) for card in wanted}

    def _drawn(self, card: CardKey, choice: Choice, inner: Sequence[Mapping[CardKey, Chances]]) -> Chances:
        """Copies of a card in the alternatives drawn without putting back."""
        inside = [part.get(card, NONE_INSIDE) for part in inner]
        classes = weight_classes(choice.weights)
        if not is_enumerable(classes, choice.draws):
            included = inclusion_probabilities(choice.weights, choice.draws)
            parts = [
                _weighted([(p, one), (1 - p, NONE_INSIDE)]) for p, one in zip(included, inside, strict=True)
            ]
            return reduce(lambda left, right: self._sum(card, left, right), parts)
        by_class = [
            self._subsets(card, [one for one, w in zip(inside, choice.weights, strict=True) if w == weight])
            for weight, _ in classes
        ]
        outcomes = []
        for counts, chance in class_counts(classes, choice.draws):
            chosen = [subsets[count] for subsets, count in zip(by_class, counts, strict=True)]
            outcomes.append((chance, reduce(lambda left, right: self._sum(card, left, right), chosen)))
        return _weighted(outcomes)

    def _subsets(self, card: CardKey, parts: Sequence[Chances]) -> list[Chances]:
        """Copies in a random subset of k of these parts, for k from 0 to all of them."""
        sums: list[Chances] = [NONE_INSIDE]
        for size, part in enumerate(parts, 1):
            grown = [self._sum(card, one, part) for one in sums]
            sums = [
                _weighted(
                    [
                        *([(Fraction(size - k, size), sums[k])] if k < size else []),
                        *([(Fraction(k, size), grown[k - 1])] if k else []),
                    ]
                )
                for k in range(size + 1)
            ]
        return sums

    def _sum(self, card: CardKey, left: Chances, right: Chances) -> Chances:
        return self._cut(card, np.convolve(left, right))

    def _power(self, card: CardKey, chances: Chances, times: int) -> Chances:
        total, square = NONE_INSIDE, chances
        while times:
            if times & 1:
                total = self._sum(card, total, square)
            times >>= 1
            if times:
                square = self._sum(card, square, square)
        return total

    def _cut(self, card: CardKey, chances: Chances) -> Chances:
        """Count everything above the card's limit as the limit."""
        limit = self._limits[card]
        if len(chances) <= limit + 1:
            return chances
        return np.append(chances[:limit], chances[limit:].sum())


def _certain(copies: int) -> Chances:
    chances = np.zeros(copies + 1)
    chances[copies] = 1.0
    return chances


def _once(chance: Fraction) -> Chances:
    return np.array([float(1 - chance), float(chance)])


def _mixed(parts: Sequence[tuple[int, Mapping[CardKey, Chances]]]) -> dict[CardKey, Chances]:
    total = sum(weight for weight, _ in parts)
    cards = {card for _, inside in parts for card in inside}
    return {
        card: _weighted(
            [(Fraction(weight, total), inside.get(card, NONE_INSIDE)) for weight, inside in parts]
        )
        for card in cards
    }


def _weighted(parts: Sequence[tuple[Fraction, Chances]]) -> Chances:
    mixed = np.zeros(max(len(chances) for _, chances in parts))
    for share, chances in parts:
        mixed[: len(chances)] += float(share) * chances
    return mixed


def expected_least(chances: Chances, limit: int) -> float:
    """Give E[min(Q, limit)] for Q with these chances, which reach to `limit` at least or to Q's greatest."""
    return math.fsum(min(copies, limit) * float(chance) for copies, chance in enumerate(chances))
