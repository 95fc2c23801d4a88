"""Who carries orders out. A broker is a class behind one protocol; which one is chosen once, by mode.

Only the paper broker exists. Live trading is not a flag that somebody could set by mistake: there is no class
that could reach a venue, and asking for one is refused.
"""

from collections.abc import Callable, Mapping
from typing import Final

from trading.choices import TradingMode
from trading.errors import LiveNotAvailable

from .base import Broker, BuyOrder, CardKey, FillReport, Market, OpenedCards, SellOrder
from .paper import PaperBroker

BROKERS: Final[Mapping[str, Callable[[], Broker]]] = {TradingMode.PAPER: PaperBroker}
"""How to make the broker of each mode that exists."""


def broker_for(mode: str) -> Broker:
    """Return a broker of a mode.

    Raises:
        LiveNotAvailable: for every mode but paper.
    """
    make = BROKERS.get(mode)
    if make is None:
        raise LiveNotAvailable(
            detail="Only paper trading exists: no broker is connected to real money.",
            details={"mode": str(mode), "available": sorted(BROKERS)},
        )
    return make()


__all__ = [
    "BROKERS",
    "Broker",
    "BuyOrder",
    "CardKey",
    "FillReport",
    "Market",
    "OpenedCards",
    "PaperBroker",
    "SellOrder",
    "broker_for",
]
