"""How many requests one host can be sent in a cycle."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

CYCLE: Final = timedelta(hours=4)
SECONDS_PER_SLOT: Final = 2
SLOTS_PER_CYCLE: Final = int(CYCLE.total_seconds()) // SECONDS_PER_SLOT
"""7,200: four hours at one request every two seconds, however fast the machine is."""

SALES_SLOTS: Final = SLOTS_PER_CYCLE // 4
"""What asking for sales may take of them: volume changes slowly and is worth less than a price."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How long a cycle asks about single products, and how old something must be to be asked for again."""

    length: timedelta
    min_interval: timedelta
    sales_interval: timedelta


LIVE_PACE: Final = Pace(length=CYCLE, min_interval=CYCLE, sales_interval=timedelta(days=1))
DEMO_PACE: Final = Pace(
    length=timedelta(minutes=2), min_interval=timedelta(minutes=10), sales_interval=timedelta(hours=1)
)
"""The simulated market moves while one looks at it: short cycles, so that its feeds are read often."""
