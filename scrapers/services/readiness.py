"""May a route start? The judgement is a read and lives with the selectors; here it is enforced."""

from datetime import datetime

from scrapers.models import SourceRoute
from scrapers.registry import RouteSpec
from scrapers.selectors.endpoints import Mode
from scrapers.selectors.readiness import REVIEW_LASTS, Readiness, readiness, review_due_on

__all__ = ["REVIEW_LASTS", "Readiness", "readiness", "require_ready", "review_due_on"]


def require_ready(row: SourceRoute, route: RouteSpec, *, mode: Mode, now: datetime) -> None:
    """Refuse to start a route that may not.

    Raises:
        RetiredInterface: if the configuration names an interface the venue has switched off.
        SourceNotReady: with a code and a sentence that says what is in the way.
    """
    readiness(row, route, mode=mode, now=now).require()
