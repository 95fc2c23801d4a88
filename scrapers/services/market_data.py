"""Loading the real market: the demo market goes first, because the two never share a database."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

from catalog.models import Product
from jobs.models import Job
from scrapers.errors import SourceNotReady
from scrapers.selectors.endpoints import DEMO_MARKET_PRESENT
from users.models import User

from .requesting import request_sync


def has_demo_market() -> bool:
    """Return whether the database holds demo products."""
    return Product.objects.filter(is_demo=True).exists()


def request_market_data(*, actor: User | None, now: datetime) -> Job:
    """Remove the demo market if there is one, then ask for the catalogue and prices of every ready source.

    Both happen or neither. What removes the demo lies above this app: `settings.DEMO_REMOVAL` names it, a
    function of `actor` and `now`.

    Args:
        actor: who asks.
        now: the current time.

    Raises:
        SourceNotReady: `demo_market_present`, if there is a demo and nothing to remove it with.
    """
    with transaction.atomic():
        if has_demo_market():
            _demo_removal()(actor=actor, now=now)
        return request_sync(actor=actor, now=now)


def _demo_removal() -> Callable[..., Any]:
    path = getattr(settings, "DEMO_REMOVAL", "")
    if not path:
        raise SourceNotReady(
            DEMO_MARKET_PRESENT,
            "The demo market has to go first: stop the demo and run `manage.py demo --reset`.",
        )
    removal: Callable[..., Any] = import_string(path)
    return removal
