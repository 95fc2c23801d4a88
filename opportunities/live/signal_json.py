"""R001's signal as JSON: its fields and numbers first, then ours. Built as text, for speed."""

from quant.spreads.r001 import SIGNAL_TYPE
from quant.spreads.symbols import route_id

from .deciding import Decision, Fill
from .terms import Venue


class SignalWriter:
    """Writes the signals of one route; what never changes about it is written once.

    Args:
        symbol: the pair, as R001 shows it.
        route_symbol: instrument symbol, which the id is made of.
        buyer: where we buy.
        seller: where we sell.
    """

    __slots__ = ("_head", "_middle", "id")

    def __init__(self, symbol: str, route_symbol: str, buyer: Venue, seller: Venue) -> None:
        self.id = str(route_id(route_symbol, buyer.code, seller.code))
        action = f"BUY_{buyer.code.upper()}_SELL_{seller.code.upper()}"
        self._head = f'{{"type":"{SIGNAL_TYPE}","action":"{action}","symbol":"{symbol}","spread_pct":'
        self._middle = f'"id":"{self.id}","buy_exchange":"{buyer.code}","sell_exchange":"{seller.code}",'

    def write(
        self, decision: Decision, fill: Fill, flags: tuple[str, ...], *, since_ns: int, now_ns: int
    ) -> bytes:
        """Return the JSON of one signal.

        R001's figures are numbers; ours that are money or basis points are text, rounded: profits to 8
        places, basis points to 4. `profit_estimate` is gross and per unit, as R001's is.

        Args:
            decision: the exact figures.
            fill: size and profit of the whole size; 0 means unknown.
            flags: what a person should know.
            since_ns: when the message that led to it was received, Unix nanoseconds: `received_ms` and
                `latency_us` count from it.
            now_ns: our clock, Unix nanoseconds.
        """
        bps = decision.net_bps
        size = f'"{fill.size:.8f}"' if fill.size else "null"
        total = f'"{fill.profit:.8f}"' if fill.size else "null"
        latency_us = (now_ns - since_ns) // 1_000
        quoted = ",".join([f'"{flag}"' for flag in flags])
        return (
            f"{self._head}{float(decision.spread_pct)!r},"
            f'"buy_price":{float(decision.buy_price)!r},"sell_price":{float(decision.sell_price)!r},'
            f'"profit_estimate":{float(round(decision.sell_price - decision.buy_price, 2))!r},'
            f'"timestamp":{now_ns // 1_000_000},{self._middle}'
            f'"net_spread_pct":{float(round(bps, 2) / 100)!r},"net_bps":"{bps:.4f}",'
            f'"net_profit":"{decision.profit:.8f}","size":{size},"total_profit":{total},"flags":[{quoted}],'
            f'"received_ms":{since_ns // 1_000_000},"latency_us":{latency_us}}}'
        ).encode()
