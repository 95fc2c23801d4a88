"""Every source as people look at it: routes, readiness, hosts, coverage and what came in today."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import OuterRef, Subquery, Sum

from pricing.models import PriceBatch, PriceSource
from scrapers.errors import SourceNotReady
from scrapers.models import SourceRoute
from scrapers.registry import SOURCES, RouteSpec, SourceSpec

from .coverage import SourceCoverage, coverage
from .endpoints import Mode, configuration_for, current_mode
from .hosts import HostState, host_states
from .readiness import Readiness, readiness, review_due_on


@dataclass(frozen=True, slots=True)
class RouteOverview:
    """One way to a source's prices."""

    code: str
    route: str
    position: int
    is_enabled: bool
    is_ready: bool
    not_ready_code: str
    not_ready_reason: str
    is_opt_in: bool
    acknowledged_at: datetime | None
    terms_url: str
    allowed_use: str
    reviewed_on: date | None
    review_due_on: date | None
    attribution: str
    robots_policy: str
    last_started_at: datetime | None
    last_success_at: datetime | None
    last_failure_at: datetime | None
    last_error: str
    hosts: tuple[HostState, ...]


@dataclass(frozen=True, slots=True)
class SourceOverview:
    """A venue or data provider."""

    code: str
    name: str
    categories: tuple[str, ...]
    coverage: SourceCoverage
    newest_price_at: datetime | None
    prices_24h: int
    quarantined_24h: int
    routes: tuple[RouteOverview, ...]


@dataclass(frozen=True, slots=True)
class _Today:
    newest_price_at: datetime | None = None
    stored: int = 0
    quarantined: int = 0


def source_list(*, now: datetime, sources: Sequence[SourceSpec] = SOURCES) -> list[SourceOverview]:
    """Return every source in the order of the registry.

    Args:
        now: the current time.
        sources: the registry.
    """
    try:
        mode, refusal = current_mode(), Readiness()
    except SourceNotReady as error:
        mode, refusal = Mode.LIVE, Readiness(error.code, error.detail)
    rows = {(row.source, row.code): row for row in SourceRoute.objects.all()}
    shares = {share.source: share for share in coverage(now=now, sources=sources).by_source}
    today = _today(now)
    hosts = _hosts(sources, mode)
    return [
        SourceOverview(
            code=source.code,
            name=source.name,
            categories=source.categories,
            coverage=shares[source.code],
            newest_price_at=max(
                (found.newest_price_at for found in _of(today, source) if found.newest_price_at), default=None
            ),
            prices_24h=sum(found.stored for found in _of(today, source)),
            quarantined_24h=sum(found.quarantined for found in _of(today, source)),
            routes=tuple(
                _route(row, route, refusal if refusal.code else readiness(row, route, mode=mode, now=now),
                       hosts[source.code, route.code])
                for route in source.routes
                if (row := rows.get((source.code, route.code))) is not None
            ),
        )
        for source in sources
    ]  # fmt: skip


def _route(
    row: SourceRoute, route: RouteSpec, found: Readiness, hosts: tuple[HostState, ...]
) -> RouteOverview:
    return RouteOverview(
        code=row.code,
        route=route.route,
        position=row.position,
        is_enabled=row.is_enabled,
        is_ready=found.is_ready,
        not_ready_code=found.code,
        not_ready_reason=found.reason,
        is_opt_in=row.is_opt_in,
        acknowledged_at=row.acknowledged_at,
        terms_url=row.terms_url,
        allowed_use=row.allowed_use,
        reviewed_on=row.reviewed_on,
        review_due_on=review_due_on(row),
        attribution=row.attribution,
        robots_policy=row.robots_policy,
        last_started_at=row.last_started_at,
        last_success_at=row.last_success_at,
        last_failure_at=row.last_failure_at,
        last_error=row.last_error,
        hosts=hosts,
    )


def _of(today: Mapping[str, _Today], source: SourceSpec) -> list[_Today]:
    return [today[price.code] for price in source.prices if price.code in today]


def _today(now: datetime) -> dict[str, _Today]:
    """Return price source -> its newest stored price and what the last 24 hours brought."""
    of_source = PriceBatch.objects.filter(source=OuterRef("pk"))
    newest = of_source.filter(prices_stored__gt=0).order_by("-recorded_at").values("recorded_at")[:1]
    rows = PriceSource.objects.annotate(newest=Subquery(newest)).values_list("code", "newest")
    counts = (
        PriceBatch.objects.filter(created_at__gte=now - timedelta(hours=24))
        .values_list("source__code")
        .annotate(Sum("prices_stored"), Sum("prices_quarantined"))
    )
    recent = {code: (stored, held) for code, stored, held in counts}
    return {code: _Today(newest_at, *recent.get(code, (0, 0))) for code, newest_at in rows}


def _hosts(sources: Sequence[SourceSpec], mode: Mode) -> dict[tuple[str, str], tuple[HostState, ...]]:
    urls = {
        (source.code, route.code): tuple(filter(None, configuration_for(route, mode).urls.values()))
        for source in sources
        for route in source.routes
    }
    states = host_states({url for found in urls.values() for url in found})
    return {
        place: tuple({states[url].key: states[url] for url in found}.values())
        for place, found in urls.items()
    }
