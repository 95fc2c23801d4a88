"""A part of a price list: the prices observed within a period."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from .parsed import ParsedPrices

OUTSIDE: Final = "outside_period"
WITHOUT_TIME: Final = "without_time"


@dataclass(frozen=True, slots=True)
class Period:
    """[since, until) and, unless empty, the price sources that are wanted.

    An observation without a time of its own lies in no period.
    """

    since: datetime | None = None
    until: datetime | None = None
    sources: frozenset[str] = frozenset()

    def select(self, lists: Iterable[ParsedPrices]) -> list[ParsedPrices]:
        """Keep what lies in the period; what does not is counted in `skipped` of its list."""
        return [
            parsed
            for parsed in lists
            if (not self.sources or parsed.source in self.sources) and self._cut(parsed)
        ]

    def _cut(self, parsed: ParsedPrices) -> bool:
        kept = []
        for seen in parsed.observations:
            if seen.recorded_at is None:
                parsed.skipped[WITHOUT_TIME] += 1
            elif self._holds(seen.recorded_at):
                kept.append(seen)
            else:
                parsed.skipped[OUTSIDE] += 1
        parsed.observations = kept
        parsed.recorded_at = max((seen.recorded_at for seen in kept if seen.recorded_at), default=None)
        return bool(kept)

    def _holds(self, moment: datetime) -> bool:
        return (self.since is None or moment >= self.since) and (self.until is None or moment < self.until)
