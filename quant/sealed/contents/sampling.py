"""Drawing without putting back, with weights: who is drawn, exactly.

Cards of equal weight are interchangeable, so the state of the draw is only how many cards of each distinct
weight are gone. Real sheets have one to six distinct weights, which makes the exact answer cheap.
"""

import math
from collections import Counter
from collections.abc import Sequence
from fractions import Fraction
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

MAX_STATES = 4_096
"""Above this many states a draw is integrated (expectation) or simulated (distribution)."""

LOG_TIME_STEP = 0.04
"""Step of the integration over the logarithm of time."""

FloatArray: TypeAlias = NDArray[np.float64]
WeightClasses: TypeAlias = tuple[tuple[int, int], ...]
"""(weight, number of cards) by rising weight."""


def weight_classes(weights: Sequence[int]) -> WeightClasses:
    """Count the cards of each distinct weight, by rising weight."""
    return tuple(sorted(Counter(weights).items()))


def is_enumerable(classes: WeightClasses, draws: int) -> bool:
    """Say whether `class_counts` can be enumerated: no number of draws has more than MAX_STATES states."""
    states = [1] + [0] * draws
    for _, count in classes:
        states = [sum(states[max(0, drawn - count) : drawn + 1]) for drawn in range(draws + 1)]
        if max(states) > MAX_STATES:
            return False
    return True


@lru_cache(maxsize=512)
def class_counts(classes: WeightClasses, draws: int) -> tuple[tuple[tuple[int, ...], Fraction], ...]:
    """Give the exact distribution of how many of `draws` cards come from each weight class.

    Successive sampling: every draw takes a remaining card with a chance in proportion to its weight.

    Returns:
        (counts in the order of `classes`, probability) for every possible outcome; probabilities sum to 1.

    Raises:
        ValueError: if there are fewer cards than draws.
    """
    if draws > sum(count for _, count in classes):
        raise ValueError("more draws than cards")
    states: dict[tuple[int, ...], Fraction] = {(0,) * len(classes): Fraction(1)}
    for _ in range(draws):
        following: dict[tuple[int, ...], Fraction] = {}
        for taken, chance in states.items():
            left = [weight * (count - gone) for (weight, count), gone in zip(classes, taken, strict=True)]
            total = sum(left)
            for position, mass in enumerate(left):
                if mass:
                    after = (*taken[:position], taken[position] + 1, *taken[position + 1 :])
                    following[after] = following.get(after, Fraction(0)) + chance * Fraction(mass, total)
        states = following
    return tuple(states.items())


@lru_cache(maxsize=512)
def _inclusion_by_class(classes: WeightClasses, draws: int) -> tuple[Fraction, ...]:
    if len(classes) == 1:
        return (Fraction(draws, classes[0][1]),)
    if draws == 1:
        total = sum(weight * count for weight, count in classes)
        return tuple(Fraction(weight, total) for weight, _ in classes)
    if not is_enumerable(classes, draws):
        return _integrated_inclusion(classes, draws)
    outcomes = class_counts(classes, draws)
    return tuple(
        sum((counts[position] * chance for counts, chance in outcomes), Fraction(0)) / count
        for position, (_, count) in enumerate(classes)
    )


def inclusion_probabilities(weights: Sequence[int], draws: int) -> tuple[Fraction, ...]:
    """Give every card's chance of being among `draws` cards drawn without putting back.

    A:2, B:1, C:1 and two draws give 5/6, 7/12, 7/12 (not 1, 1/2, 1/2). They sum to `draws`. Exact, except on
    sheets with so many distinct weights that enumeration is out of reach; those are integrated to 1e-12.

    Args:
        weights: whole numbers >= 1.
        draws: at most the number of cards.
    """
    classes = weight_classes(weights)
    by_weight = dict(zip((weight for weight, _ in classes), _inclusion_by_class(classes, draws), strict=True))
    return tuple(by_weight[weight] for weight in weights)


def _integrated_inclusion(classes: WeightClasses, draws: int) -> tuple[Fraction, ...]:
    """Integrate over exponential arrival times: the cards drawn are the first to arrive.

    A card of weight w arrives at an exponential time of rate w and is drawn if fewer than `draws` others came
    before it. Over the logarithm of time the integrand vanishes doubly exponentially at both ends, so the
    trapezoid rule on even steps is exact to rounding.
    """
    weights = np.repeat([float(weight) for weight, _ in classes], [count for _, count in classes])
    if draws == len(weights):
        return (Fraction(1),) * len(classes)
    first = math.log(1e-17 / float(weights.sum()))
    last = math.log(50.0 / float(weights.min()))
    times = np.exp(np.arange(first, last, LOG_TIME_STEP))
    arrived = -np.expm1(-np.outer(weights, times))
    included = []
    for position, index in enumerate(np.cumsum([0, *(count for _, count in classes[:-1])])):
        fewer = _fewer_arrivals(np.delete(arrived, index, axis=0), draws)
        rate = float(classes[position][0])
        included.append(float(np.sum(rate * times * np.exp(-rate * times) * fewer)) * LOG_TIME_STEP)
    copies = sum(share * count for share, (_, count) in zip(included, classes, strict=True))
    return tuple(min(Fraction(share * draws / copies), Fraction(1)) for share in included)


def _fewer_arrivals(arrived: FloatArray, draws: int) -> FloatArray:
    """P(fewer than `draws` of independent arrivals) for each column of chances."""
    chances = np.zeros((draws, arrived.shape[1]))
    chances[0] = 1.0
    for row in arrived:
        chances[1:] = chances[1:] * (1.0 - row) + chances[:-1] * row
        chances[0] *= 1.0 - row
    return np.asarray(chances.sum(axis=0))
