"""Closing circuit breakers by hand."""

from datetime import datetime

from django.db import transaction

from common.audit import record_event
from common.resilience import reset_breaker as forget_failures
from scrapers.errors import UnknownHost
from scrapers.selectors.hosts import HostState, host_state, known_keys
from users.models import User


def reset_breaker(key: str, *, actor: User | None, now: datetime) -> HostState:
    """Forget a host's failures, so that the next request is sent.

    Args:
        key: host[:port], with the venue's path for the simulator, as `source_list` shows it.
        actor: who does it.
        now: the current time.

    Returns:
        The state afterwards: closed, unless the host failed again at once.

    Raises:
        UnknownHost: if no source is asked there.
        StateUnavailable: if Redis does not answer; nothing is recorded then.
    """
    if key not in known_keys():
        raise UnknownHost(detail=f"No source is asked at {key[:100]!r}.")
    with transaction.atomic():
        subject = "breaker:" + "_".join(key.split())[:100]
        record_event(actor=actor, verb="breaker.reset", subject=subject, data={"key": key[:300]}, now=now)
        forget_failures(key)
    return host_state(key)
