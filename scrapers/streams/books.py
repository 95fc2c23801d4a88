"""A venue's order book, kept from a snapshot and its changes."""

from bisect import bisect_left, insort
from collections.abc import Iterable
from math import inf
from typing import Generic, TypeVar

from quant.spreads.messages import Level

T = TypeVar("T", bound=tuple[float | str, ...])
"""A level: price, size, then whatever a venue's checksum needs."""


class BookSide(Generic[T]):
    """One side of a book: levels by price, best first.

    A level is a tuple `(price, size, …)`; what follows is the venue's own text, kept for checksums. The keys
    are sorted so that the best one is the last: changes happen at that end, where a list is cheap to change.

    Args:
        is_bid: whether a higher price is better.
    """

    __slots__ = ("_keys", "_levels", "_sign")

    def __init__(self, *, is_bid: bool) -> None:
        self._sign = 1.0 if is_bid else -1.0
        self._keys: list[float] = []
        self._levels: dict[float, T] = {}

    def __len__(self) -> int:
        return len(self._keys)

    def replace(self, levels: Iterable[T]) -> None:
        """Forget everything and keep these levels; empty ones are left out.

        Raises:
            ValueError: if a level has no usable price or size.
        """
        self._levels, self._keys = {}, []
        for level in levels:
            if _size(level) > 0:
                self._levels[self._key(level)] = level
        self._keys = sorted(self._levels)

    def apply(self, levels: Iterable[T]) -> None:
        """Set levels; one of size 0 goes, also when it was never there.

        Raises:
            ValueError: if a level has no usable price or size; the side is of no use then.
        """
        for level in levels:
            key = self._key(level)
            if _size(level) > 0:
                if key not in self._levels:
                    insort(self._keys, key)
                self._levels[key] = level
            elif self._levels.pop(key, None) is not None:
                del self._keys[bisect_left(self._keys, key)]

    def _key(self, level: T) -> float:
        price = float(level[0])
        if not 0 < price < inf:  # NaN would also spoil the order of the keys
            msg = f"no price: {level[0]}"
            raise ValueError(msg)
        return self._sign * price

    def truncate(self, depth: int) -> None:
        """Forget the worst levels beyond `depth`."""
        surplus = len(self._keys) - depth
        if surplus > 0:
            for key in self._keys[:surplus]:
                del self._levels[key]
            del self._keys[:surplus]

    def best(self, count: int) -> list[T]:
        """Return up to `count` levels, best first."""
        levels = self._levels
        return [levels[key] for key in self._keys[: -count - 1 : -1]]

    def quoted(self, count: int) -> list[Level]:
        """Return price and size of up to `count` levels, best first."""
        return [(float(level[0]), float(level[1])) for level in self.best(count)]


def _size(level: T) -> float:
    size = float(level[1])
    if not 0 <= size < inf:  # NaN would read as "take it out"
        msg = f"no size: {level[1]}"
        raise ValueError(msg)
    return size


class Book(Generic[T]):
    """Both sides of one pair's book."""

    __slots__ = ("asks", "bids")

    def __init__(self) -> None:
        self.bids: BookSide[T] = BookSide(is_bid=True)
        self.asks: BookSide[T] = BookSide(is_bid=False)

    def replace(self, bids: Iterable[T], asks: Iterable[T]) -> None:
        """Start from a snapshot; raises ValueError for a level without a usable price or size."""
        self.bids.replace(bids)
        self.asks.replace(asks)

    def apply(self, bids: Iterable[T], asks: Iterable[T]) -> None:
        """Apply one update; raises ValueError for a level without a usable price or size."""
        self.bids.apply(bids)
        self.asks.apply(asks)

    def truncate(self, depth: int) -> None:
        """Keep the best `depth` levels of each side."""
        self.bids.truncate(depth)
        self.asks.truncate(depth)
