"""What every connector of a gift-card market offers to the poller."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from .client import DeskClient
from .reading import Reading

Clock = Callable[[], int]
"""Returns Unix milliseconds."""


class Connector(Protocol):
    """One market's adapter; it may remember a login between two polls."""

    def urls(self) -> tuple[str, ...]:
        """Return every base address it asks; none if it asks nobody."""
        ...

    def read(self, client: DeskClient, *, clock: Clock, max_skew_ms: int) -> Awaitable[Reading]:
        """Ask the market once.

        Args:
            client: connection to its addresses.
            clock: read when the answer is complete.
            max_skew_ms: how far the market's times may lie ahead of it.

        Raises:
            FetchFailed: the subclass that says why there is no complete answer.
        """
        ...
