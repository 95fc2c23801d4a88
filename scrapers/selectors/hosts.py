"""The hosts of routes as the circuit breakers see them."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings

from common.resilience import BreakerStatus, StateUnavailable, breaker_states
from scrapers.errors import TargetForbidden
from scrapers.http.opening import host_of_base


@dataclass(frozen=True, slots=True)
class HostState:
    """One host (or simulated venue): is it left alone for now, and why.

    `breaker` is closed, open, half_open, or unknown while Redis does not answer.
    """

    key: str
    breaker: str = BreakerStatus.CLOSED.value
    opened_until: datetime | None = None
    failures: int = 0
    last_failure: str = ""

    @property
    def is_open(self) -> bool:
        """Whether no request would be sent to it now."""
        return self.breaker == BreakerStatus.OPEN


def host_key(url: str) -> str:
    """Return what is paced and broken as one: host and port, and the venue's segment of the simulator."""
    try:
        return host_of_base(url).key
    except TargetForbidden:  # a setting no session would accept; it is still shown
        return urlsplit(url).netloc


def known_keys() -> set[str]:
    """Return the keys of all hosts that sources are asked at, simulated ones too, and of all breakers."""
    real: Mapping[str, str] = settings.VENUE_URLS
    simulator: str = settings.VENUE_SIMULATOR_URL
    urls = [*real.values(), *(f"{simulator}/{name}" for name in real if simulator)]
    return {host_key(url) for url in urls if url} | set(_known() or ())


def host_states(urls: Collection[str]) -> Mapping[str, HostState]:
    """Return URL -> the state of its host; addresses of one host share it."""
    known = _known()
    return {url: _state(host_key(url), known) for url in urls}


def host_state(key: str) -> HostState:
    """Return the state of one host by its key."""
    return _state(key, _known())


def _known() -> dict[str, HostState] | None:
    try:
        return {
            state.key: HostState(
                key=state.key,
                breaker=state.status.value,
                opened_until=state.opened_until,
                failures=state.failures,
                last_failure=state.last_failure,
            )
            for state in breaker_states()
        }
    except StateUnavailable:
        return None


def _state(key: str, known: Mapping[str, HostState] | None) -> HostState:
    if known is None:
        return HostState(key=key, breaker="unknown")
    return known.get(key, HostState(key=key))
