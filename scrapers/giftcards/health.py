"""How a market does: what its poller knows, and how it is written for others to read."""

from dataclasses import dataclass, field
from typing import Any, Final

CONNECTING: Final = "connecting"
LIVE: Final = "live"
STALE: Final = "stale"
DOWN: Final = "down"


@dataclass(slots=True)
class MarketHealth:
    """Figures of one market since its poller began.

    Args:
        code: of the market.
        state: `connecting` before the first answer, `live`, `stale` when the last answer is too old, `down`
            when its breaker is open.
        latency_ms: of the last complete answer.
        last_quote_ms: when the last answer was complete, Unix milliseconds.
        quotes: in the last answer.
        polls: answers and failures.
        errors: failures.
        failures: in a row.
        invalid: items that were not believed.
        refused: the same by reason.
        dropped: quotes put aside by the engine since the desk's own prices crossed.
        reconnects: times it answered again after a failure.
        last_error: text for a person; empty after an answer of which anything is believed.
        breaker: `closed`, `open` or `half_open`.
        gated_reason: why the engine compares none of its quotes; empty if it does.
    """

    code: str
    state: str = CONNECTING
    latency_ms: float | None = None
    last_quote_ms: int | None = None
    quotes: int = 0
    polls: int = 0
    errors: int = 0
    failures: int = 0
    invalid: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    dropped: int = 0
    reconnects: int = 0
    last_error: str = ""
    breaker: str = "closed"
    gated_reason: str = ""

    def facts(self, *, now_ms: int) -> dict[str, Any]:
        """Return the JSON others read.

        Args:
            now_ms: Unix milliseconds; readers judge by it whether this is still true.
        """
        return {
            "code": self.code,
            "state": self.state,
            "latency_ms": None if self.latency_ms is None else round(self.latency_ms, 1),
            "last_quote_ms": self.last_quote_ms,
            "quotes": self.quotes,
            "errors": self.errors,
            "reconnects": self.reconnects,
            "invalid": self.invalid,
            "refused": self.refused,
            "dropped": self.dropped,
            "last_error": self.last_error,
            "breaker": self.breaker,
            "gated_reason": self.gated_reason,
            "at": now_ms,
        }
