"""Smooth, seeded functions of time: sums of waves whose phases come from a digest, so nothing is stored."""

from collections.abc import Hashable
from functools import lru_cache
from hashlib import blake2b
from math import exp, sin, tau
from random import Random
from typing import Final

# (period in seconds, share of the daily volatility): the periods have no common multiple within a season.
SLOW_WAVES: Final = ((9.3 * 86_400, 0.80), (2.7 * 86_400, 0.45), (26.1 * 3_600, 0.40), (7.3 * 3_600, 0.25))
QUICK_WAVES: Final = ((97 * 60, 0.15), (31 * 60, 0.10), (9 * 60, 0.07))
OWN_SHARE: Final = 0.4  # of a venue's moves that the other venues do not follow


def chance_of(*parts: Hashable) -> Random:
    """Return a random number generator that belongs to these parts, whatever was drawn before."""
    return Random("/".join(map(str, parts)))  # noqa: S311 - an invented market, not a secret


def number_of(*parts: Hashable, below: int) -> int:
    """Return a whole number from 0 to `below` - 1 that belongs to these parts."""
    digest = blake2b("/".join(map(str, parts)).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % below


def share_of(*parts: Hashable) -> float:
    """Return a number from 0 up to 1 that belongs to these parts."""
    return number_of(*parts, below=2**53) / 2**53


def deviation(name: tuple[int, str, str], *, seconds: float, volatility: float, liveliness: float) -> float:
    """Return the factor by which a price deviates from its long-run level.

    Args:
        name: (seed, article, venue); most of the move is the article's, some the venue's own.
        seconds: since any fixed moment.
        volatility: daily standard deviation of log prices, about.
        liveliness: weight of the waves shorter than two hours.

    Returns:
        A positive factor around 1, continuous in `seconds`.
    """
    total = 0.0
    for owner, weight in ((name[:2], 1.0), (name, OWN_SHARE)):
        phases = _phases(owner)
        for (period, share), phase in zip(SLOW_WAVES, phases, strict=False):
            total += weight * share * sin(tau * (seconds / period + phase))
        for (period, share), phase in zip(QUICK_WAVES, phases[len(SLOW_WAVES) :], strict=True):
            total += weight * share * liveliness * sin(tau * (seconds / period + phase))
    return exp(volatility * total)


@lru_cache(maxsize=2**18)
def _phases(owner: tuple[object, ...]) -> tuple[float, ...]:
    digest = blake2b("/".join(map(str, owner)).encode(), digest_size=28).digest()
    return tuple(int.from_bytes(digest[at : at + 4], "big") / 2**32 for at in range(0, 28, 4))
