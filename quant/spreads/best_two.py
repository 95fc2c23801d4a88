"""The best bid and the best ask of one symbol over all venues, kept up to date tick by tick.

For the hot path: floats, no allocation, and the work of a tick does not grow with the venues unless the best
one gets worse, when one pass in C finds the next. Fees are folded into the prices first, so that the pair it
names is the best one after them. What it finds is a candidate: the decision is made in Decimal (`exact`).
"""

from math import inf
from typing import NamedTuple

NO_BID = 0.0
NO_ASK = inf


class Pair(NamedTuple):
    """Where to buy and where to sell: two different venues, by index, with their effective prices."""

    buy: int
    sell: int
    ask: float
    bid: float


class BestTwo:
    """Effective prices of up to `size` venues and the best pair of two different ones.

    Effective means with fees folded in: bid x (1 - fee), ask x (1 + fee), in one currency. Among equal prices
    it is not defined which venue is named, only the prices are.
    """

    __slots__ = ("_asks", "_best_ask", "_best_ask_venue", "_best_bid", "_best_bid_venue", "_bids", "_times")

    def __init__(self, size: int) -> None:
        self._bids = [NO_BID] * size
        self._asks = [NO_ASK] * size
        self._times = [0] * size
        self._best_bid = NO_BID
        self._best_ask = NO_ASK
        self._best_bid_venue = -1
        self._best_ask_venue = -1

    @property
    def best_bid(self) -> float:
        """Highest effective bid; 0.0 if there is none."""
        return self._best_bid

    @property
    def best_ask(self) -> float:
        """Lowest effective ask; infinite if there is none."""
        return self._best_ask

    def update(self, venue: int, bid: float, ask: float, at: int = 0) -> bool:
        """Take the newest effective prices of a venue.

        Args:
            venue: index, from 0 to size - 1.
            bid: > 0, or `NO_BID`.
            ask: > 0, or `NO_ASK`.
            at: when, in any unit, for `expire`.

        Returns:
            Whether the highest bid is above the lowest ask now: only then `pair` can name a gap. False
            settles it; True may still be one venue against itself.

        Raises:
            ValueError: for NaN, negative or infinite prices; the venue then has no price at all.
        """
        if not (inf > bid >= 0.0 and ask > 0.0):
            self.withdraw(venue)
            msg = f"no prices: {bid!r} {ask!r}"
            raise ValueError(msg)
        self._bids[venue] = bid
        self._asks[venue] = ask
        self._times[venue] = at
        if bid >= self._best_bid:
            self._best_bid = bid
            self._best_bid_venue = venue
        elif venue == self._best_bid_venue:
            self._best_bid = best = max(self._bids)
            self._best_bid_venue = self._bids.index(best)
        if ask <= self._best_ask:
            self._best_ask = ask
            self._best_ask_venue = venue
        elif venue == self._best_ask_venue:
            self._best_ask = best = min(self._asks)
            self._best_ask_venue = self._asks.index(best)
        return self._best_bid > self._best_ask

    def withdraw(self, venue: int) -> None:
        """Take a venue out of the comparison until its next update."""
        self.update(venue, NO_BID, NO_ASK)

    def expire(self, before: int) -> list[int]:
        """Withdraw what was last updated before a moment; return those venues, in order of their index."""
        gone = [
            venue
            for venue, at in enumerate(self._times)
            if at < before and (self._bids[venue] > NO_BID or self._asks[venue] < NO_ASK)
        ]
        for venue in gone:
            self.withdraw(venue)
        return gone

    def pair(self) -> Pair | None:
        """Return the pair of two different venues with the highest bid/ask, crossed or not, if any."""
        buy, sell = self._best_ask_venue, self._best_bid_venue
        if self._best_bid <= NO_BID or self._best_ask >= NO_ASK:
            return None
        if buy != sell:
            return Pair(buy, sell, self._best_ask, self._best_bid)
        return self._pair_around(buy)

    def _pair_around(self, venue: int) -> Pair | None:
        """One venue has the best of both: set it against the second best bid or the second best ask."""
        others = [other for other in range(len(self._bids)) if other != venue]
        next_bid, seller = max(((self._bids[other], other) for other in others), default=(NO_BID, -1))
        next_ask, buyer = min(((self._asks[other], other) for other in others), default=(NO_ASK, -1))
        if next_bid <= NO_BID and next_ask >= NO_ASK:
            return None
        if next_bid * next_ask > self._best_bid * self._best_ask:  # next_bid/best_ask > best_bid/next_ask
            return Pair(venue, seller, self._best_ask, next_bid)
        return Pair(buyer, venue, next_ask, self._best_bid)
