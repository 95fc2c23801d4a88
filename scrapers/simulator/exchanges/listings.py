"""Which pairs each simulated exchange lists, what it calls them and how many digits it writes."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Listing:
    """One pair at one exchange.

    Args:
        symbol: base and quote asset, such as `BTC/USDT`.
        native: what the exchange calls it.
        price_digits: digits after the point that prices move by.
        size_digits: digits after the point that sizes move by.
        spread_bps: half of the usual distance between best bid and best ask, in bps.
        padded: digits after the point that are written at least.
        is_trimmed: whether trailing zeros are left out.
    """

    symbol: str
    native: str
    price_digits: int
    size_digits: int
    spread_bps: float
    padded: int = 0
    is_trimmed: bool = False

    def price_text(self, ticks: int) -> str:
        """Return a price of so many least steps as the exchange writes it."""
        return self._text(ticks, self.price_digits)

    def size_text(self, lots: int) -> str:
        """Return a size of so many least steps as the exchange writes it."""
        return self._text(lots, self.size_digits)

    def _text(self, steps: int, digits: int) -> str:
        if digits < self.padded:
            steps, digits = steps * 10 ** (self.padded - digits), self.padded
        text = _fixed(steps, digits)
        return text.rstrip("0").rstrip(".") if self.is_trimmed and digits else text


def _fixed(steps: int, digits: int) -> str:
    """Return a whole number of steps of 10 to the -digits as text, without exponents."""
    if not digits:
        return str(steps)
    text = str(steps).zfill(digits + 1)
    return f"{text[:-digits]}.{text[-digits:]}"


def _binance(symbol: str, price_digits: int, size_digits: int, spread_bps: float) -> Listing:
    """Binance writes eight digits whatever a price or a size moves by."""
    return Listing(symbol, symbol.replace("/", ""), price_digits, size_digits, spread_bps, padded=8)


def _dashed(symbol: str, price_digits: int, size_digits: int, spread_bps: float) -> Listing:
    name = symbol.replace("/", "-")
    return Listing(symbol, name, price_digits, size_digits, spread_bps, is_trimmed=True)


def _plain(symbol: str, native: str, price_digits: int, size_digits: int, spread_bps: float) -> Listing:
    return Listing(symbol, native, price_digits, size_digits, spread_bps)


LISTINGS: Final[Mapping[str, tuple[Listing, ...]]] = MappingProxyType(
    {
        "binance": (
            _binance("BTC/USDT", 2, 5, 0.4), _binance("ETH/USDT", 2, 4, 0.5), _binance("ETH/BTC", 5, 4, 1.5),
        ),
        "coinbase": (
            _dashed("BTC/USD", 2, 8, 0.7), _dashed("ETH/USD", 2, 8, 0.9), _dashed("USDT/USD", 5, 2, 0.3),
            _dashed("BTC/USDT", 2, 8, 2.0), _dashed("ETH/USDT", 2, 8, 2.5),
        ),
        "kraken": (
            _plain("BTC/USD", "BTC/USD", 1, 8, 0.6), _plain("ETH/USD", "ETH/USD", 2, 8, 0.8),
            _plain("USDT/USD", "USDT/USD", 5, 8, 0.4), _plain("BTC/USDT", "BTC/USDT", 1, 8, 1.2),
            _plain("ETH/USDT", "ETH/USDT", 2, 8, 1.4), _plain("ETH/BTC", "ETH/BTC", 5, 8, 2.0),
        ),
        "okx": (
            _dashed("BTC/USDT", 1, 8, 0.4), _dashed("ETH/USDT", 2, 6, 0.5), _dashed("ETH/BTC", 5, 6, 1.5),
        ),
        "bybit": (
            _plain("BTC/USDT", "BTCUSDT", 2, 6, 0.5), _plain("ETH/USDT", "ETHUSDT", 2, 5, 0.6),
            _plain("ETH/BTC", "ETHBTC", 6, 3, 1.8),
        ),
    }
)  # fmt: skip
"""Exchange -> what it lists; USD and USDT are two things, and none of them lists every pair."""
