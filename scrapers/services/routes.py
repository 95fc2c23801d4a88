"""Which routes a run may use, and what is remembered of how they went."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog

from scrapers.models import SourceRoute
from scrapers.registry import RouteSpec, SourceSpec
from scrapers.selectors.readiness import readiness

from .desk import Setup, scraper_class
from .progress import Watch

logger = structlog.get_logger(__name__)

NOT_SET_UP: Final = frozenset({"switched_off", "credentials_missing", "not_acknowledged"})
"""Reasons of an operator's own choosing: reported, but no failure of a run over all sources."""


@dataclass(frozen=True, slots=True)
class ReadyRoute:
    """A route that may start: its source, its entry in the registry and its row in the register."""

    source: SourceSpec
    route: RouteSpec
    row: SourceRoute

    @property
    def name(self) -> str:
        """How messages call it."""
        return f"{self.source.code}/{self.route.code}"


def ready_routes(
    setup: Setup, *, offering: str, watch: Watch, now: datetime, named: Collection[str] = ()
) -> Iterator[ReadyRoute]:
    """Yield the routes that offer something and may start, in the order of the registry.

    Those that may not are listed in the job with the reason. It counts as an error unless the operator simply
    has not set the route up; a source that was named is always expected to start by one route at least.

    Args:
        setup: mode and registry.
        offering: `bulk` or `product`.
        watch: what is told.
        now: the current time.
        named: codes of sources that were asked for by name; empty means all.
    """
    rows = {(row.source, row.code): row for row in SourceRoute.objects.all()}
    for source in setup.sources:
        if named and source.code not in named:
            continue
        refused: list[tuple[str, str, str]] = []
        has_ready = False
        for route in source.routes:
            row = rows.get((source.code, route.code))
            if row is None or not _offers(route, offering, watch, str(row)):
                continue
            found = readiness(row, route, mode=setup.mode, now=now)
            if found.is_ready:
                has_ready = True
                yield ReadyRoute(source, route, row)
            else:
                refused.append((found.code, found.reason, str(row)))
        for code, reason, subject in refused:
            is_failure = code not in NOT_SET_UP or (bool(named) and not has_ready)
            (watch.error if is_failure else watch.remark)(code, reason, subject)


def _offers(route: RouteSpec, offering: str, watch: Watch, subject: str) -> bool:
    try:
        return offering in scraper_class(route).offers
    except (ImportError, AttributeError):  # a registry entry without its scraper must not stop the others
        logger.exception("route.scraper_missing", route=subject)
        watch.error("scraper_missing", f"{route.scraper} cannot be loaded; the log says why.", subject)
        return False


def note_start(row: SourceRoute, *, now: datetime) -> None:
    """Remember that a route was started."""
    row.last_started_at = now
    row.save(update_fields=["last_started_at"])


def note_success(row: SourceRoute, *, now: datetime) -> None:
    """Remember that a route did what it was asked."""
    row.last_success_at = now
    row.last_error = ""
    row.save(update_fields=["last_success_at", "last_error"])


def note_confirmed(row: SourceRoute, *, now: datetime) -> None:
    """Remember that nothing a bulk route published has changed: its prices are as good as new."""
    row.confirmed_at = now
    row.save(update_fields=["confirmed_at"])


def note_failure(row: SourceRoute, *, code: str, detail: str, now: datetime) -> None:
    """Remember why a route failed."""
    row.last_failure_at = now
    row.last_error = f"{code}: {detail}"[:300]
    row.save(update_fields=["last_failure_at", "last_error"])
