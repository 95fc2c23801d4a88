"""What a person states about a list because the list does not: decimal mark, currency, what a cost is for."""

import re
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from .table import Table

_COMMA_DECIMALS: Final = re.compile(r"(?:^|[^\d.,])\d{1,3}(?:\.\d{3})*,\d{1,2}(?:\D|$)")
_POINT_DECIMALS: Final = re.compile(r"(?:^|[^\d.,])\d{1,3}(?:,?\d{3})*\.\d{1,2}(?:\D|$)")


class CostIsFor(StrEnum):
    """What a plain cost column is for. Unknown: its prices are held until somebody says."""

    UNKNOWN = "unknown"
    UNIT = "unit"
    CASE = "case"


@dataclass(frozen=True, slots=True)
class ListOptions:
    """How to read a list.

    Args:
        currency: of amounts without a currency column.
        decimal_mark: "." or ",", for every amount in text.
        cost_is_for: see `CostIsFor`.
        recorded_at: when the list was made; None takes the time of the import.
    """

    currency: str
    decimal_mark: str = "."
    cost_is_for: CostIsFor = CostIsFor.UNKNOWN
    recorded_at: datetime | None = None

    def as_data(self) -> dict[str, Any]:
        """Return the options as JSON."""
        made = self.recorded_at.isoformat() if self.recorded_at else None
        return {**asdict(self), "cost_is_for": self.cost_is_for.value, "recorded_at": made}


def guess_decimal_mark(table: Table) -> str:
    """Return the mark most amounts in text use; "." when there is no telling. A person confirms it."""
    votes: Counter[str] = Counter()
    for row in table.rows[:500]:
        for cell in row:
            if isinstance(cell, str) and len(cell) < 30:
                votes[","] += bool(_COMMA_DECIMALS.search(cell))
                votes["."] += bool(_POINT_DECIMALS.search(cell))
    return "," if votes[","] > votes["."] else "."
