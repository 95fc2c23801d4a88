"""From contents to their generating function, in whichever algebra is asked for."""

from collections.abc import Mapping, Sequence
from typing import Generic

import numpy as np

from quant.sealed.contents.model import CardKey, Choice, Contents, Pack, PackConfiguration, SheetDraw
from quant.sealed.contents.sampling import class_counts, is_enumerable, weight_classes
from quant.sealed.simulation import sampled_subsets

from .algebra import A, Algebra, FloatArray, IntArray
from .spectrum import MAX_AMPLIFICATION, newton_amplification

SIMULATED_SUBSETS = 2_000
"""Subsets of a choice's alternatives that are looked at when they are too many to enumerate."""


class GeneratingFunction(Generic[A]):
    """Walks contents and composes generating functions; remembers packs and sheets.

    Args:
        algebra: how functions are carried.
        cents: value by card, whole cents; a card that is missing is worth 0.
    """

    def __init__(self, algebra: Algebra[A], cents: Mapping[CardKey, int]) -> None:
        self._algebra = algebra
        self._cents = cents
        self._packs: dict[int, tuple[Pack, A]] = {}
        self._sheets: dict[SheetDraw, A] = {}
        self._subsets: dict[tuple[CardKey, ...], tuple[SheetDraw, list[list[A]]]] = {}

    def of_chance(self, contents: Contents) -> A:
        """Give the function of everything left to chance; what is certain is not in it."""
        parts = [self._algebra.power(self._of_pack(pack), count) for pack, count in contents.packs]
        parts += [self._algebra.power(self.of_chance(inner), count) for inner, count in contents.nested]
        parts += [self._algebra.power(self._of_choice(choice), count) for choice, count in contents.choices]
        return self._algebra.product(parts)

    def _of_pack(self, pack: Pack) -> A:
        known = self._packs.get(id(pack))
        if known is None:
            parts = [self._of_configuration(configuration) for configuration in pack.configurations]
            chances = [configuration.weight / pack.total_weight for configuration in pack.configurations]
            blended = parts[0] if len(parts) == 1 else self._algebra.blend(parts, chances)
            known = self._packs[id(pack)] = (pack, blended)
        return known[1]

    def _of_configuration(self, configuration: PackConfiguration) -> A:
        return self._algebra.product([self._of_sheet(sheet) for sheet in configuration.draws])

    def _of_sheet(self, sheet: SheetDraw) -> A:
        known = self._sheets.get(sheet)
        if known is None:
            known = self._sheets[sheet] = self._draw(sheet)
        return known

    def _draw(self, sheet: SheetDraw) -> A:
        cents = np.asarray([self._cents.get(card, 0) for card in sheet.cards], dtype=np.int64)
        if sheet.is_fixed:
            total = sum(int(value) * weight for value, weight in zip(cents, sheet.weights, strict=True))
            return self._algebra.constant(total)
        if sheet.draws == 1 or sheet.allow_duplicates:
            single = self._algebra.mixture(cents, _shares(sheet.weights))
            return self._algebra.power(single, sheet.draws)
        classes = weight_classes(sheet.weights)
        if not is_enumerable(classes, sheet.draws) and len(classes) > 1:
            return self._simulated(cents, sheet)
        return self._across_classes(self._subsets_by_class(sheet, cents), class_counts(classes, sheet.draws))

    def _subsets_by_class(self, sheet: SheetDraw, cents: IntArray) -> list[list[A]]:
        """Give the draws from each weight class; configurations that take fewer cards reuse them."""
        known, subsets = self._subsets.get(sheet.cards, (None, []))
        if known is None or known.weights != sheet.weights or known.draws < sheet.draws:
            weights = np.asarray(sheet.weights, dtype=object)
            by_class = [cents[weights == weight] for weight, _ in weight_classes(sheet.weights)]
            subsets = [self._algebra.subsets(part, min(len(part), sheet.draws)) for part in by_class]
            self._subsets[sheet.cards] = (sheet, subsets)
        return subsets

    def _of_choice(self, choice: Choice) -> A:
        parts = [self._of_all(alternative.contents) for alternative in choice.alternatives]
        if choice.with_replacement or choice.draws == 1:
            blended = self._algebra.blend(parts, [float(share) for share in _shares(choice.weights)])
            return self._algebra.power(blended, choice.draws)
        classes = weight_classes(choice.weights)
        if not is_enumerable(classes, choice.draws) and len(classes) > 1:
            return self._sampled_alternatives(parts, choice)
        groups = [
            [part for part, own in zip(parts, choice.weights, strict=True) if own == weight]
            for weight, _ in classes
        ]
        return self._across_classes(
            [self._algebra.subsets_of(group, min(len(group), choice.draws)) for group in groups],
            class_counts(classes, choice.draws),
        )

    def _of_all(self, contents: Contents) -> A:
        certain = self._algebra.constant(certain_cents(contents, self._cents))
        return self._algebra.product([certain, self.of_chance(contents)])

    def _across_classes(
        self, subsets: Sequence[Sequence[A]], outcomes: Sequence[tuple[tuple[int, ...], object]]
    ) -> A:
        """Mix over how many draws fall into each weight class; within a class all subsets are alike."""
        parts = [
            self._algebra.product([own[count] for own, count in zip(subsets, counts, strict=True)])
            for counts, _ in outcomes
        ]
        return self._algebra.blend(parts, [float(chance) for _, chance in outcomes])  # type: ignore[arg-type]

    def _simulated(self, cents: IntArray, sheet: SheetDraw) -> A:
        sums = cents[sampled_subsets(sheet.weights, sheet.draws)].sum(axis=1)
        values, counts = np.unique(sums, return_counts=True)
        return self._algebra.mixture(values, counts / counts.sum())

    def _sampled_alternatives(self, parts: Sequence[A], choice: Choice) -> A:
        rows = np.sort(sampled_subsets(choice.weights, choice.draws, trials=SIMULATED_SUBSETS), axis=1)
        subsets, counts = np.unique(rows, axis=0, return_counts=True)
        products = [self._algebra.product([parts[index] for index in subset]) for subset in subsets]
        return self._algebra.blend(products, [float(count) / SIMULATED_SUBSETS for count in counts])


def certain_cents(contents: Contents, cents: Mapping[CardKey, int]) -> int:
    """Add up the cards that are in the product for certain and not inside a pack or a choice."""
    own = sum(cents.get(card, 0) * count for card, count in contents.cards)
    return own + sum(certain_cents(inner, cents) * count for inner, count in contents.nested)


def work_per_point(contents: Contents) -> int:
    """Estimate the heaviest sheet's multiplications per grid point; it limits how fine the grid can be."""
    heaviest = 1
    for pack, _ in contents.packs:
        for configuration in pack.configurations:
            heaviest = max(heaviest, *(_sheet_work(sheet) for sheet in configuration.draws))
    for inner, _ in contents.nested:
        heaviest = max(heaviest, work_per_point(inner))
    for choice, _ in contents.choices:
        heaviest = max(heaviest, len(choice.alternatives) * choice.draws)
        for alternative in choice.alternatives:
            heaviest = max(heaviest, work_per_point(alternative.contents))
    return heaviest


def _sheet_work(sheet: SheetDraw) -> int:
    if sheet.is_fixed or sheet.draws == 1 or sheet.allow_duplicates:
        return 1
    is_quick = newton_amplification(len(sheet.cards), sheet.draws) <= MAX_AMPLIFICATION
    return sheet.draws * (sheet.draws if is_quick else len(sheet.cards))


def _shares(weights: Sequence[int]) -> FloatArray:
    total = sum(weights)
    return np.asarray([weight / total for weight in weights], dtype=np.float64)
