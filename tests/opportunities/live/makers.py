"""Quotes, terms and engines of the live tests."""

import json
from decimal import Decimal
from typing import Any

from opportunities.live.engine import SignalEngine
from opportunities.live.terms import EngineTerms, engine_terms
from quant.spreads.messages import Quote

NOW_NS = 1_795_000_000_000_000_000
NOW_MS = NOW_NS // 1_000_000
MS = 1_000_000
FREE = {"binance": Decimal(0), "okx": Decimal(0), "kraken": Decimal(0)}
FEES = {"binance": Decimal(10), "okx": Decimal(10), "kraken": Decimal(40), "coinbase": Decimal(60)}


def quote(
    exchange: str, bid: float, ask: float, *, symbol: str = "BTC/USDT", at: int = NOW_NS, **more: Any
) -> Quote:
    values: dict[str, Any] = {
        "price": (bid + ask) / 2, "volume": 0.0, "timestamp": at // MS, "bid_size": 1.0, "ask_size": 2.0,
        **more,
    }  # fmt: skip
    return Quote(exchange=exchange, symbol=symbol, bid=bid, ask=ask, received=at, **values)


def terms(fees: dict[str, Decimal] | None = None, **options: Any) -> EngineTerms:
    return engine_terms(FEES if fees is None else fees, **options)


class Heard:
    """An engine and the signals it gave."""

    def __init__(self, fees: dict[str, Decimal] | None = None, **options: Any) -> None:
        self.signals: list[dict[str, Any]] = []
        self.engine = SignalEngine(terms(fees, **options), add_signal=self._add)

    def _add(self, at_ms: int, body: bytes) -> None:
        signal = json.loads(body)
        assert signal["timestamp"] == at_ms
        self.signals.append(signal)

    def tick(
        self,
        exchange: str,
        bid: float,
        ask: float,
        *,
        symbol: str = "BTC/USDT",
        at: int = NOW_NS,
        **more: Any,
    ) -> list[dict[str, Any]]:
        """Take a quote as of its receipt; return the signals it gave."""
        before = len(self.signals)
        self.engine.on_quote(quote(exchange, bid, ask, symbol=symbol, at=at, **more), at)
        return self.signals[before:]
