"""The hosts of routes as the circuit breakers see them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class HostState:
    """One host (or simulated venue): is it left alone for now, and why."""

    key: str
    breaker: str = "closed"
    opened_until: datetime | None = None
    failures: int = 0
    last_failure: str = ""


def host_states(urls: Collection[str], *, now: datetime) -> Mapping[str, HostState]:
    """Return URL -> the state of its host."""
    return {url: HostState(key=url) for url in urls}
