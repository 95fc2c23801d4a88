"""One seeded price process for each pair, shared by all exchanges, and what sets the exchanges apart.

Prices belong to simulated seconds that somebody advances: the same seed and the same advances give the same
prices, and while nobody advances them they stand still.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import exp, sqrt
from random import Random
from typing import Final

from scrapers.simulator.walks import chance_of

from .listings import LISTINGS

BASES: Final = {"BTC/USDT": 96_500.0, "ETH/USDT": 3_380.0, "USDT/USD": 0.9996}
"""Pairs with a process of their own and where they start; the others follow from them."""
_VOLATILITY: Final = {"BTC/USDT": 4e-5, "ETH/USDT": 5e-5, "USDT/USD": 2e-6}
"""Standard deviation of log prices in one second."""
_PULL: Final = 1e-4  # of the way back to where it started, in a second
_OWN_PULL: Final = 0.2
_OWN_BPS: Final = 1.5
"""How far an exchange strays from the others, and how quickly it comes back."""
FIRST_GAP_SECONDS: Final = (4.0, 9.0)
QUIET_SECONDS: Final = (8.0, 22.0)
GAP_SECONDS: Final = (3.0, 15.0)
GAP_BPS: Final = (70.0, 125.0)
_GAP_PLACES: Final = (
    ("binance", "BTC/USDT"), ("okx", "BTC/USDT"), ("bybit", "ETH/USDT"), ("binance", "ETH/USDT"),
    ("kraken", "BTC/USDT"), ("okx", "ETH/USDT"), ("bybit", "BTC/USDT"), ("coinbase", "BTC/USD"),
    ("kraken", "ETH/USD"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PriceGap:
    """One exchange's price of one pair stands apart for a while.

    Args:
        exchange: which one.
        symbol: which pair.
        bps: how far above (or, negative, below) the others, in hundredths of a percent.
        begins: simulated second.
        ends: simulated second.
    """

    exchange: str
    symbol: str
    bps: float
    begins: float
    ends: float


class PriceProcess:
    """Fair prices, the exchanges' small deviations and the gaps between them.

    Args:
        seed: the same seed gives the same prices for the same advances.
        has_gaps: whether gaps open by themselves.
    """

    def __init__(self, *, seed: int, has_gaps: bool = True) -> None:
        self.elapsed = 0.0
        self.has_gaps = has_gaps
        self._chance = chance_of(seed, "exchange-prices")
        self._logs = dict.fromkeys(BASES, 0.0)
        self._own = {(code, one.symbol): 0.0 for code, listed in LISTINGS.items() for one in listed}
        self._plan = _gap_plan(chance_of(seed, "exchange-gaps"))
        self._next = next(self._plan)
        self.gaps: list[PriceGap] = []

    def advance(self, seconds: float) -> None:
        """Let simulated seconds pass."""
        self.elapsed += seconds
        step = sqrt(seconds)
        draw = self._chance.gauss
        for symbol, level in self._logs.items():
            self._logs[symbol] = (
                level * (1 - min(_PULL * seconds, 1.0)) + draw(0.0, 1.0) * step * _VOLATILITY[symbol]
            )
        back, noise = 1 - min(_OWN_PULL * seconds, 1.0), _OWN_BPS * sqrt(2 * _OWN_PULL) * step
        for place, bps in self._own.items():
            self._own[place] = max(-6.0, min(6.0, bps * back + draw(0.0, 1.0) * noise))
        self.gaps = [gap for gap in self.gaps if gap.ends > self.elapsed]
        while self._next.begins <= self.elapsed:
            if self.has_gaps and self._next.ends > self.elapsed:
                self.gaps.append(self._next)
            self._next = next(self._plan)

    def open_gap(self, exchange: str, symbol: str, *, bps: float, seconds: float) -> PriceGap:
        """Set an exchange's price of a pair apart from now on for some seconds.

        Raises:
            ValueError: if the exchange does not list the pair.
        """
        if (exchange, symbol) not in self._own:
            raise ValueError(f"{exchange} does not list {symbol}")
        gap = PriceGap(exchange, symbol, bps, self.elapsed, self.elapsed + seconds)
        self.gaps.append(gap)
        return gap

    def fair(self, symbol: str) -> float:
        """Return what a pair is worth anywhere; pairs without a process of their own follow from others."""
        if symbol in BASES:
            return BASES[symbol] * exp(self._logs[symbol])
        base, quote = symbol.split("/")
        if quote == "USD":
            return self.fair(f"{base}/USDT") * self.fair("USDT/USD")
        return self.fair(f"{base}/USDT") / self.fair(f"{quote}/USDT")

    def middle(self, exchange: str, symbol: str) -> float:
        """Return where an exchange's book of a pair has its middle now."""
        bps = self._own[exchange, symbol]
        bps += sum(gap.bps for gap in self.gaps if (gap.exchange, gap.symbol) == (exchange, symbol))
        return self.fair(symbol) * (1 + bps / 10_000)


def _gap_plan(chance: Random) -> Iterator[PriceGap]:
    """Yield the gaps that open by themselves, one after another."""
    at = chance.uniform(*FIRST_GAP_SECONDS)
    while True:
        exchange, symbol = chance.choice(_GAP_PLACES)
        ends = at + chance.uniform(*GAP_SECONDS)
        bps = chance.uniform(*GAP_BPS) * (1.5 if symbol.endswith("/USD") else 1.0)
        yield PriceGap(exchange, symbol, bps * chance.choice((1, -1)), at, ends)
        at = ends + chance.uniform(*QUIET_SECONDS)
