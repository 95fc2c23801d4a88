"""A log line about messages that were dropped: one a minute says it, one each would be a flood."""

from typing import Final

import structlog

from .protocol import Counts

logger = structlog.get_logger(__name__)

PAUSE_SECONDS: Final = 60.0


class Complaints:
    """Warns about what one exchange sent and nobody could use.

    Args:
        exchange: code of the exchange.
        counts: what happened since the start.
    """

    def __init__(self, exchange: str, counts: Counts) -> None:
        self._exchange = exchange
        self._counts = counts
        self._told = 0
        self._not_before = 0.0

    def look(self, now: float) -> None:
        """Warn if messages were dropped since the last warning and that is a minute ago.

        Args:
            now: monotonic seconds.
        """
        counts = self._counts
        dropped = counts.invalid - self._told
        if dropped <= 0 or now < self._not_before:
            return
        self._told, self._not_before = counts.invalid, now + PAUSE_SECONDS
        logger.warning(
            "stream.invalid", exchange=self._exchange, dropped=dropped, skewed=counts.skewed,
            crossed=counts.crossed,
        )  # fmt: skip
