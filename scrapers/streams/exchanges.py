"""The exchanges there are, and how an adapter of each is made."""

from collections.abc import Callable, Sequence
from typing import Final, Protocol

from .binance import BinanceStream
from .bybit import BybitStream
from .coinbase import CoinbaseStream
from .kraken import KrakenStream
from .okx import OkxStream
from .protocol import Adapter, Counts


class _Made(Protocol):
    def __call__(self, pairs: Sequence[str], counts: Counts | None = None) -> Adapter: ...


_BEST: Final[dict[str, _Made]] = {
    "binance": BinanceStream,
    "coinbase": CoinbaseStream,
    "kraken": KrakenStream,
    "okx": OkxStream,
    "bybit": BybitStream,
}


class _MadeWithBooks(Protocol):
    def __call__(
        self, pairs: Sequence[str], counts: Counts | None = None, *, has_books: bool = False
    ) -> Adapter: ...


_OPTIONAL_BOOKS: Final[dict[str, _MadeWithBooks]] = {"binance": BinanceStream, "coinbase": CoinbaseStream}

EXCHANGES: Final = tuple(_BEST)
WITH_OPTIONAL_BOOKS: Final = tuple(_OPTIONAL_BOOKS)
"""Exchanges watched by their best bid and ask unless the whole book is asked for; the others have books."""


def adapter_maker(
    exchange: str, pairs: Sequence[str], *, has_books: bool = False
) -> Callable[[Counts], Adapter]:
    """Return what makes an adapter for each new connection.

    Args:
        exchange: one of `EXCHANGES`.
        pairs: what to watch, such as `BTC/USDT`.
        has_books: the whole book where the best bid and ask is the default.

    Raises:
        KeyError: if there is no such exchange.
        ValueError: if a pair is none.
    """
    if has_books and exchange in _OPTIONAL_BOOKS:
        booked = _OPTIONAL_BOOKS[exchange]
        booked(pairs)
        return lambda counts: booked(pairs, counts, has_books=True)
    made = _BEST[exchange]
    made(pairs)
    return lambda counts: made(pairs, counts)
