"""How many requests one host can be sent in a cycle."""

from datetime import timedelta
from typing import Final

CYCLE: Final = timedelta(hours=4)
SECONDS_PER_SLOT: Final = 2
SLOTS_PER_CYCLE: Final = int(CYCLE.total_seconds()) // SECONDS_PER_SLOT
"""7,200: four hours at one request every two seconds, however fast the machine is."""
