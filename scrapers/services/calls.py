"""How many requests routes have sent, so that no venue is asked more often in a day than it allows.

The day is the last 24 hours, not the calendar's: venues begin theirs at midnight of Los Angeles or Paris, and
in no 24 hours more than the allowance is sent, theirs hold it too. Counted by the hour, so that the oldest
hour of the window counts whole.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import connection
from django.db.models import Sum

from scrapers.models import RouteCalls

from .asking import OpenRoute
from .routes import ReadyRoute

WINDOW: Final = timedelta(hours=24)
_KEPT: Final = timedelta(days=7)

_ADD: Final = """
INSERT INTO route_calls (route_id, hour, calls) VALUES (%(route)s, %(hour)s, %(calls)s)
ON CONFLICT (route_id, hour) DO UPDATE SET calls = route_calls.calls + excluded.calls
"""


def calls_left(ready: ReadyRoute, *, now: datetime) -> int | None:
    """Return how many requests the route may still send, at least 0; None if nobody limits them."""
    allowed = ready.route.calls_a_day
    if allowed is None:
        return None
    since = _hour(now - WINDOW)
    sent = RouteCalls.objects.filter(route=ready.row, hour__gte=since).aggregate(sent=Sum("calls", default=0))
    return max(0, allowed - int(sent["sent"]))


def note_calls(routes: Iterable[OpenRoute], *, now: datetime) -> None:
    """Add what open routes have sent since this was last done; counts of more than a week ago are dropped.

    A kill loses the count of at most the answers that were not stored yet.
    """
    for route in routes:
        calls = route.take_calls()
        if not calls:
            continue
        with connection.cursor() as cursor:
            cursor.execute(_ADD, {"route": route.ready.row.pk, "hour": _hour(now), "calls": calls})
        RouteCalls.objects.filter(route=route.ready.row, hour__lt=now - _KEPT).delete()


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
