"""The oracle: every outcome of small contents, enumerated with exact fractions and no cleverness."""

from collections import defaultdict
from fractions import Fraction
from itertools import product
from typing import Any, TypeAlias

from quant.sealed.contents import Contents, Pack, SheetDraw

Chances: TypeAlias = dict[Any, Fraction]


def outcomes(contents: Contents) -> Chances:
    """Chances by multiset of cards, written as a sorted tuple."""
    chances = {tuple(sorted(card for card, count in contents.cards for _ in range(count))): Fraction(1)}
    for pack, count in contents.packs:
        chances = _times(chances, _of_pack(pack), count)
    for inner, count in contents.nested:
        chances = _times(chances, outcomes(inner), count)
    for choice, count in contents.choices:
        parts = [outcomes(alternative.contents) for alternative in choice.alternatives]
        drawn = _sequences(choice.weights, choice.draws, put_back=choice.with_replacement)
        mixed: Chances = defaultdict(Fraction)
        for indices, chance in drawn.items():
            combined = {(): Fraction(1)}
            for index in indices:
                combined = _together(combined, parts[index])
            for outcome, inside in combined.items():
                mixed[outcome] += chance * inside
        chances = _times(chances, mixed, count)
    return chances


def value_chances(contents: Contents, cents: dict[Any, int]) -> Chances:
    """Chances by total value."""
    chances: Chances = defaultdict(Fraction)
    for outcome, chance in outcomes(contents).items():
        chances[sum(cents.get(card, 0) for card in outcome)] += chance
    return dict(chances)


def mean_copies(contents: Contents) -> Chances:
    """Expected copies by card."""
    copies: Chances = defaultdict(Fraction)
    for outcome, chance in outcomes(contents).items():
        for card in outcome:
            copies[card] += chance
    return dict(copies)


def _of_pack(pack: Pack) -> Chances:
    mixed: Chances = defaultdict(Fraction)
    for configuration in pack.configurations:
        combined = {(): Fraction(configuration.weight, pack.total_weight)}
        for sheet in configuration.draws:
            combined = _together(combined, _of_sheet(sheet))
        for outcome, chance in combined.items():
            mixed[outcome] += chance
    return mixed


def _of_sheet(sheet: SheetDraw) -> Chances:
    if sheet.is_fixed:
        cards = (card for card, weight in zip(sheet.cards, sheet.weights, strict=True) for _ in range(weight))
        return {tuple(sorted(cards)): Fraction(1)}
    chances: Chances = defaultdict(Fraction)
    for indices, chance in _sequences(sheet.weights, sheet.draws, put_back=sheet.allow_duplicates).items():
        chances[tuple(sorted(sheet.cards[index] for index in indices))] += chance
    return chances


def _sequences(weights: tuple[int, ...], draws: int, *, put_back: bool) -> Chances:
    """Chances by ordered sequence of drawn indices."""
    chances: Chances = {(): Fraction(1)}
    for _ in range(draws):
        following: Chances = {}
        for sequence, chance in chances.items():
            left = [i for i in range(len(weights)) if put_back or i not in sequence]
            total = sum(weights[i] for i in left)
            for i in left:
                following[(*sequence, i)] = chance * Fraction(weights[i], total)
        chances = following
    return chances


def _together(left: Chances, right: Chances) -> Chances:
    combined: Chances = defaultdict(Fraction)
    for (one, chance), (other, beside) in product(left.items(), right.items()):
        combined[tuple(sorted(one + other))] += chance * beside
    return combined


def _times(start: Chances, part: Chances, count: int) -> Chances:
    for _ in range(count):
        start = _together(start, part)
    return start
