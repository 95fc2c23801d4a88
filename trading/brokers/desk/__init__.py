"""Who carries out the legs of a spread. One protocol; which broker is chosen once, by mode and venue.

Two exist. `PaperDeskBroker` fills against the live quotes. `SimulatedDeskBroker` sends real orders by HTTP,
to demo markets of the venue simulator on this machine and to nothing else. There is no class that could reach
a real venue, so that live trading cannot be switched on by mistake.
"""

from collections.abc import Callable
from typing import TypeAlias

from scrapers.models import LiveMarket
from trading.choices import TradingMode
from trading.errors import LiveNotAvailable

from .base import DeskBroker, LegInstruction, LegOutcome, LegReport
from .paper import PaperDeskBroker
from .simulated import SimulatedDeskBroker, is_simulated

ChooseBroker: TypeAlias = Callable[[str, LiveMarket | None], DeskBroker]
"""From a mode and a declared market (None for a venue without one) to who carries orders out there."""


def desk_broker_for(mode: str, market: LiveMarket | None) -> DeskBroker:
    """Return who carries orders out at a venue.

    Raises:
        LiveNotAvailable: for every mode but paper.
    """
    if mode != TradingMode.PAPER:
        raise LiveNotAvailable(
            detail="Only paper trading exists: no broker is connected to real money.",
            details={"mode": str(mode), "available": [TradingMode.PAPER.value]},
        )
    return SimulatedDeskBroker(market) if market is not None and is_simulated(market) else PaperDeskBroker()


__all__ = [
    "ChooseBroker",
    "DeskBroker",
    "LegInstruction",
    "LegOutcome",
    "LegReport",
    "PaperDeskBroker",
    "SimulatedDeskBroker",
    "desk_broker_for",
    "is_simulated",
]
