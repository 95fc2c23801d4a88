"""Mean and variance of a sealed product's value, exactly, without its distribution."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from .contents.expectation import expected_draws
from .contents.model import CardKey, Choice, Contents, Pack, SheetDraw
from .contents.sampling import class_counts, inclusion_probabilities, is_enumerable, weight_classes
from .simulation import TRIALS, sampled_subsets

Number = int | Fraction


@dataclass(frozen=True, slots=True)
class Moments:
    """Mean and variance of a value, in units and units squared.

    Args:
        mean: exact (to 1e-12 on sheets that must be integrated).
        variance: exact, unless `error` says that part of it was simulated.
        error: standard error of the mean of what was simulated, 0 if nothing was.
    """

    mean: Fraction = Fraction(0)
    variance: Fraction = Fraction(0)
    error: float = 0.0

    @property
    def standard_deviation(self) -> float:
        """Square root of the variance."""
        return math.sqrt(self.variance)

    def __add__(self, other: "Moments") -> "Moments":
        """Add an independent value."""
        error = math.hypot(self.error, other.error)
        return Moments(self.mean + other.mean, self.variance + other.variance, error)

    def repeated(self, times: int) -> "Moments":
        """Add up independent values of this kind; what was simulated is shared by all of them."""
        return Moments(self.mean * times, self.variance * times, self.error * times)


class MomentCalculator:
    """Moments of contents under one table of card values; remembers packs by identity.

    Args:
        values: whole numbers (for example cents) by card; a card that is missing counts 0.
    """

    __slots__ = ("_packs", "_values")

    def __init__(self, values: Mapping[CardKey, int]) -> None:
        self._values = values
        self._packs: dict[int, tuple[Pack, Moments]] = {}

    def of_contents(self, contents: Contents) -> Moments:
        """Give the moments of ONE product; its parts are independent of each other."""
        total = Moments(Fraction(sum(self._value(card) * count for card, count in contents.cards)))
        for pack, count in contents.packs:
            total += self.of_pack(pack).repeated(count)
        for inner, count in contents.nested:
            total += self.of_contents(inner).repeated(count)
        for choice, count in contents.choices:
            total += self.of_choice(choice).repeated(count)
        return total

    def of_pack(self, pack: Pack) -> Moments:
        """Give the moments of one pack: a mixture of its configurations."""
        known = self._packs.get(id(pack))
        if known is None:
            parts = [
                (configuration.weight, sum(map(self.of_sheet, configuration.draws), Moments()))
                for configuration in pack.configurations
            ]
            known = self._packs[id(pack)] = (pack, mixed(parts))
        return known[1]

    def of_sheet(self, sheet: SheetDraw) -> Moments:
        """Give the moments of what one pack takes from a sheet."""
        values = [self._value(card) for card in sheet.cards]
        if sheet.is_fixed:
            return Moments(Fraction(sum(v * w for v, w in zip(values, sheet.weights, strict=True))))
        if sheet.draws == 1 or sheet.allow_duplicates:
            return _single_draw(values, sheet.weights).repeated(sheet.draws)
        return drawn_without_replacement(values, sheet.weights, sheet.draws)

    def of_choice(self, choice: Choice) -> Moments:
        """Give the moments of what one choice puts into the product."""
        inner = [self.of_contents(alternative.contents) for alternative in choice.alternatives]
        if choice.with_replacement or choice.draws == 1:
            return mixed(zip(choice.weights, inner, strict=True)).repeated(choice.draws)
        means = drawn_without_replacement([part.mean for part in inner], choice.weights, choice.draws)
        drawn = list(zip(expected_draws(choice), inner, strict=True))
        within = sum((share * part.variance for share, part in drawn), Fraction(0))
        error = math.hypot(means.error, *(float(share) * part.error for share, part in drawn))
        return Moments(means.mean, means.variance + within, error)

    def _value(self, card: CardKey) -> int:
        return self._values.get(card, 0)


def mixed(parts: Iterable[tuple[int, Moments]]) -> Moments:
    """Give the moments of a mixture: exactly one part happens, by weight."""
    weighted = list(parts)
    total = sum(weight for weight, _ in weighted)
    mean = sum((weight * part.mean for weight, part in weighted), Fraction(0)) / total
    square = sum((weight * (part.variance + part.mean**2) for weight, part in weighted), Fraction(0)) / total
    error = math.hypot(*(weight * part.error for weight, part in weighted)) / total
    return Moments(mean, square - mean**2, error)


def drawn_without_replacement(values: Sequence[Number], weights: Sequence[int], draws: int) -> Moments:
    """Give the moments of the sum of `draws` values drawn by weight and not put back.

    Equal weights: k times the variance times (N - k)/(N - 1). Unequal weights: the same within each class of
    equal weight, over the exact distribution of how many come from each class.
    """
    classes = weight_classes(weights)
    if len(classes) > 1 and not is_enumerable(classes, draws):
        return _simulated(values, weights, draws)
    stats = [
        _population([v for v, w in zip(values, weights, strict=True) if w == weight]) for weight, _ in classes
    ]
    mean = square = Fraction(0)
    for counts, chance in class_counts(classes, draws):
        drawn = list(zip(counts, stats, strict=True))
        sum_mean = sum((count * centre for count, (_, centre, _) in drawn), Fraction(0))
        spread = sum(
            (
                count * variance * Fraction(size - count, size - 1)
                for count, (size, _, variance) in drawn
                if variance
            ),
            Fraction(0),
        )
        mean += chance * sum_mean
        square += chance * (spread + sum_mean**2)
    return Moments(mean, square - mean**2)


def _population(values: Sequence[Number]) -> tuple[int, Fraction, Fraction]:
    size = len(values)
    mean = Fraction(sum(values, Fraction(0))) / size
    return size, mean, Fraction(sum(value * value for value in values)) / size - mean**2


def _single_draw(values: Sequence[int], weights: Sequence[int]) -> Moments:
    total = sum(weights)
    mean = Fraction(sum(v * w for v, w in zip(values, weights, strict=True)), total)
    square = Fraction(sum(v * v * w for v, w in zip(values, weights, strict=True)), total)
    return Moments(mean, square - mean**2)


def _simulated(values: Sequence[Number], weights: Sequence[int], draws: int) -> Moments:
    chances = inclusion_probabilities(weights, draws)
    mean = sum((value * chance for value, chance in zip(values, chances, strict=True)), Fraction(0))
    sums = np.asarray([float(value) for value in values])[sampled_subsets(weights, draws)].sum(axis=1)
    variance = float(np.var(sums, ddof=1))
    return Moments(mean, Fraction(variance), math.sqrt(variance / TRIALS))
