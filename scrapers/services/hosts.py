"""Closing circuit breakers by hand."""

from datetime import datetime

from django.db import transaction

from common.audit import record_event
from scrapers.selectors.hosts import HostState
from users.models import User


def reset_breaker(key: str, *, actor: User | None, now: datetime) -> HostState:
    """Forget a host's failures, so that the next request is sent.

    Args:
        key: host[:port], with the venue's path for the simulator, as `source_list` shows it.
        actor: who does it.
        now: the current time.

    Returns:
        The state afterwards: closed.
    """
    with transaction.atomic():
        subject = "breaker:" + "_".join(key.split())[:100]
        record_event(actor=actor, verb="breaker.reset", subject=subject, data={"key": key[:300]}, now=now)
    return HostState(key=key)
