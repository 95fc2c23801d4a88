"""An order book that evolves around a middle price, in whole steps of price and size."""

from dataclasses import dataclass
from math import ceil, floor
from random import Random
from typing import Final, NamedTuple

LEAST_LEVELS: Final = 30
MOST_LEVELS: Final = 60


class Change(NamedTuple):
    """One level that changed: `lots` 0 means that it is gone."""

    is_bid: bool
    ticks: int
    lots: int


class Best(NamedTuple):
    """Best bid and ask with their sizes."""

    bid: int
    bid_lots: int
    ask: int
    ask_lots: int


@dataclass(frozen=True, slots=True)
class Steps:
    """How fine a book is: `tick` in the quote asset, `lot` in the base asset, `usual` size of a level."""

    tick: float
    lot: float
    usual: float


class SimulatedBook:
    """Levels by price; a bid is always below every ask unless a fault crosses the book.

    Args:
        steps: how fine it is.
        chance: seeded; decides what changes.
        middle: where it starts.
        half: half of the distance between best bid and ask, in the quote asset.
    """

    def __init__(self, steps: Steps, chance: Random, *, middle: float, half: float) -> None:
        self._steps, self._chance = steps, chance
        self.bids: dict[int, int] = {}
        self.asks: dict[int, int] = {}
        self.evolve(middle, half)

    def evolve(self, middle: float, half: float) -> tuple[Change, ...]:
        """Move the book to a middle price and return every level that changed, each once.

        Levels on the wrong side of the new price are taken away, the new best prices appear, some levels
        behind them change, and each side keeps between 30 and 60 levels.
        """
        bid = floor((middle - half) / self._steps.tick)
        ask = max(ceil((middle + half) / self._steps.tick), bid + 1)
        gap = max(round(half / self._steps.tick), 1)
        changed: dict[tuple[bool, int], int] = {}
        for is_bid, best, sign in ((True, bid, -1), (False, ask, 1)):
            side = self.bids if is_bid else self.asks
            before = dict(side)
            self._move(side, best, sign)
            self._shuffle(side, best, sign, gap)
            self._keep_size(side, sign, gap)
            for ticks in before.keys() | side.keys():
                if before.get(ticks) != side.get(ticks):
                    changed[is_bid, ticks] = side.get(ticks, 0)
        return tuple(Change(*place, lots) for place, lots in changed.items())

    def cross(self) -> Change:
        """Put a bid above the best ask and return it; the next evolution takes it away again."""
        change = Change(True, min(self.asks) + 2, self._lots())
        self.bids[change.ticks] = change.lots
        return change

    def unknown_level(self) -> Change:
        """Return the removal of a level that is not there."""
        return Change(True, min(self.bids) - 1_000, 0)

    @property
    def best(self) -> Best:
        """Return the best levels."""
        bid, ask = max(self.bids), min(self.asks)
        return Best(bid, self.bids[bid], ask, self.asks[ask])

    def top(self, depth: int, *, is_bid: bool) -> list[tuple[int, int]]:
        """Return the best levels of one side, best first, at most `depth`."""
        side = self.bids if is_bid else self.asks
        return sorted(side.items(), reverse=is_bid)[:depth]

    def _move(self, side: dict[int, int], best: int, sign: int) -> None:
        for ticks in [ticks for ticks in side if (ticks - best) * sign < 0]:
            del side[ticks]
        if best not in side or self._chance.random() < 0.3:
            side[best] = self._lots()

    def _shuffle(self, side: dict[int, int], best: int, sign: int, gap: int) -> None:
        for _ in range(self._chance.randint(1, 3)):
            behind = best + sign * self._chance.randint(1, gap * 12)
            if behind in side and self._chance.random() < 0.5:
                del side[behind]
            elif behind > 0:
                side[behind] = self._lots()

    def _keep_size(self, side: dict[int, int], sign: int, gap: int) -> None:
        worst = max(side, key=lambda ticks: ticks * sign)
        while len(side) < LEAST_LEVELS:
            worst += sign * self._chance.randint(1, gap * 2)
            if worst <= 0:
                break
            side[worst] = self._lots()
        while len(side) > MOST_LEVELS:
            del side[max(side, key=lambda ticks: ticks * sign)]

    def _lots(self) -> int:
        usual = self._steps.usual * self._chance.uniform(0.1, 2.5)
        return max(round(usual / self._steps.lot), 1)
