"""Live routes in PostgreSQL: sightings become rows, openings and closings become episodes and audit events.

Sightings arrive at least once and in the order of their route. A sighting that is not later than what the row
has already seen changes nothing, so that a batch that arrives again after a crash is harmless.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from catalog.models import Instrument, Venue
from common.audit import NewEvent, record_events
from common.events import Topic
from common.live import publish_live
from common.metrics import OPPORTUNITIES
from opportunities.choices import CrossVenueState, OpportunityKind
from opportunities.models import CrossVenueOpportunity, SpreadEpisode
from opportunities.selectors.cross_venue import spread_facts

from .cross_venue_places import instruments_of, venues_of
from .cross_venue_reading import MAX_AHEAD, Sighting

EXPIRED_REASON: Final = "stale"
_EXPIRY_BATCH: Final = 500
_UPDATED: Final = (
    "currency", "state", "revision", "buy_price", "sell_price", "cost", "proceeds", "cushion", "gross_profit",
    "net_profit", "loss_reserve", "expected_profit", "gross_bps", "net_bps", "best_net_bps", "size",
    "total_profit", "threshold_bps", "flags", "inputs", "sightings", "opened_at", "last_seen_at",
    "expires_at", "closed_at", "closed_reason",
)  # fmt: skip
_EPISODE_FIELDS: Final = ("closed_at", "closed_reason", "peak_net_bps", "peak_net_profit", "sightings")


@dataclass(slots=True)
class SightingReport:
    """What became of a batch."""

    applied: int = 0
    ignored: int = 0
    opened: int = 0
    reopened: int = 0
    closed: int = 0


@dataclass(slots=True)
class _Route:
    """One row while a batch is applied to it."""

    row: CrossVenueOpportunity
    is_new: bool
    episode: SpreadEpisode | None
    touched: list[SpreadEpisode] = field(default_factory=list)
    events: list[NewEvent] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    is_changed: bool = False


def upsert_sightings(batch: Sequence[Sighting], now: datetime) -> SightingReport:
    """Apply sightings in the order given, in one transaction; applying a batch again changes nothing.

    Args:
        batch: of any routes and both markets.
        now: our clock, for what is audited.

    Returns:
        How many sightings counted and what they did.

    Raises:
        SightingUnreadable: if a symbol names nothing that can be traded; nothing of the batch is kept.
        django.db.DatabaseError: as PostgreSQL refuses; nothing of the batch is kept.
    """
    report = SightingReport()
    if not batch:
        return report
    with transaction.atomic():
        instruments, venues = instruments_of(batch), venues_of(batch)
        routes = _locked({sighting.id for sighting in batch})
        for sighting in batch:
            route = routes.get(sighting.id)
            if route is None:
                route = routes[sighting.id] = _new_route(sighting, instruments, venues)
            _apply(route, sighting, report, now)
        _write(routes, now)
    for outcome in ("opened", "reopened", "closed"):
        _count(outcome, getattr(report, outcome))
    return report


def close_overdue(*, now: datetime) -> int:
    """Close open routes whose quotes are too old, whoever should have said so; return how many.

    They count as closed at the moment their quotes became too old. Running it again changes nothing.
    """
    with transaction.atomic():
        overdue = (
            CrossVenueOpportunity.objects.filter(state=CrossVenueState.OPEN, expires_at__lt=now)
            .order_by("id")
            .values_list("pk", flat=True)[:_EXPIRY_BATCH]
        )
        routes = _locked(set(overdue))
        closed = 0
        for route in routes.values():
            if route.row.state == CrossVenueState.OPEN and route.row.expires_at < now:
                _close(route, max(route.row.expires_at, route.row.last_seen_at), EXPIRED_REASON)
                closed += 1
        _write(routes, now)
    _count("expired", closed)
    return closed


def _locked(ids: set[UUID]) -> dict[UUID, _Route]:
    rows = (
        CrossVenueOpportunity.objects.filter(pk__in=ids)
        .select_related("instrument", "buy_venue", "sell_venue")
        .select_for_update(of=("self",))
        .order_by("id")
    )
    episodes = SpreadEpisode.objects.filter(opportunity_id__in=ids, closed_at__isnull=True)
    running = {episode.opportunity_id: episode for episode in episodes}
    return {row.pk: _Route(row, is_new=False, episode=running.get(row.pk)) for row in rows}


def _new_route(sighting: Sighting, instruments: dict[str, Instrument], venues: dict[str, Venue]) -> _Route:
    row = CrossVenueOpportunity(
        id=sighting.id,
        fingerprint=sighting.fingerprint,
        market=sighting.market,
        instrument=instruments[sighting.symbol],
        buy_venue=venues[sighting.buy_venue],
        sell_venue=venues[sighting.sell_venue],
        state=CrossVenueState.CLOSED,
        revision=0,
        sightings=0,
        created_at=sighting.at,
    )
    return _Route(row, is_new=True, episode=None)


def _apply(route: _Route, sighting: Sighting, report: SightingReport, now: datetime) -> None:
    row = route.row
    is_open = row.state == CrossVenueState.OPEN
    if not route.is_new and not _is_news(row, sighting, now):
        report.ignored += 1
        return
    if sighting.event == "closed":
        if is_open:
            _close(route, sighting.at, sighting.reason)
            report.applied += 1
            report.closed += 1
        else:
            report.ignored += 1
        return
    report.applied += 1
    _take_figures(row, sighting)
    if is_open:
        row.best_net_bps = max(row.best_net_bps, row.net_bps)
        _see(route)
    elif route.is_new:
        report.opened += 1
        _open(route, sighting, "opened")
    else:
        report.reopened += 1
        _open(route, sighting, "reopened")


def _is_news(row: CrossVenueOpportunity, sighting: Sighting, now: datetime) -> bool:
    """Tell whether a sighting is later than all the row knows; a closing may be of the last moment seen.

    A row from the future was written before the clock was set back, and would be shut until then.
    """
    if row.last_seen_at > now + MAX_AHEAD:
        return True
    if row.closed_at is not None and sighting.at <= row.closed_at:
        return False
    return sighting.at > row.last_seen_at or (sighting.event == "closed" and sighting.at == row.last_seen_at)


def _take_figures(row: CrossVenueOpportunity, sighting: Sighting) -> None:
    for name, value in sighting.figures.items():
        setattr(row, name, value)
    row.currency = sighting.currency
    row.flags = list(sighting.flags)
    row.inputs = sighting.inputs
    row.last_seen_at = sighting.at
    row.expires_at = sighting.expires_at
    row.sightings += 1


def _open(route: _Route, sighting: Sighting, verb: str) -> None:
    row = route.row
    row.state = CrossVenueState.OPEN
    row.opened_at = sighting.at
    row.closed_at = None
    row.closed_reason = ""
    row.best_net_bps = row.net_bps
    route.is_new = False
    route.episode = SpreadEpisode(
        opportunity=row, opened_at=sighting.at, peak_net_bps=row.net_bps, peak_net_profit=row.net_profit
    )
    _touch(route, route.episode)
    _note(route, verb)


def _see(route: _Route) -> None:
    episode = route.episode
    route.is_changed = True
    if episode is None:
        return
    episode.sightings += 1
    episode.peak_net_bps = max(episode.peak_net_bps, route.row.net_bps)
    episode.peak_net_profit = max(episode.peak_net_profit, route.row.net_profit)
    _touch(route, episode)


def _close(route: _Route, at: datetime, reason: str) -> None:
    row = route.row
    row.state = CrossVenueState.CLOSED
    row.closed_at = at
    row.closed_reason = reason
    if route.episode is not None:
        route.episode.closed_at = at
        route.episode.closed_reason = reason
        _touch(route, route.episode)
        route.episode = None
    _note(route, "closed", reason=reason)


def _touch(route: _Route, episode: SpreadEpisode) -> None:
    if not any(one is episode for one in route.touched):
        route.touched.append(episode)


def _note(route: _Route, verb: str, **more: Any) -> None:
    row = route.row
    route.is_changed = True
    route.told.append("closed" if verb == "closed" else "open")
    data = {
        "fingerprint": row.fingerprint, "net_bps": row.net_bps, "net_profit": row.net_profit,
        "currency": row.currency, **more,
    }  # fmt: skip
    route.events.append(NewEvent(f"spread.{verb}", f"spread:{row.pk}", data))


def _write(routes: dict[UUID, _Route], now: datetime) -> None:
    changed = [routes[key] for key in sorted(routes) if routes[key].is_changed]
    if not changed:
        return
    for route in changed:
        route.row.revision += 1
    CrossVenueOpportunity.objects.bulk_create(
        [route.row for route in changed], update_conflicts=True, unique_fields=["id"], update_fields=_UPDATED
    )
    touched = [episode for route in changed for episode in route.touched]
    # Closings first: of each route only one episode may be open.
    SpreadEpisode.objects.bulk_update([one for one in touched if not one._state.adding], _EPISODE_FIELDS)
    SpreadEpisode.objects.bulk_create([one for one in touched if one._state.adding])
    _record(changed, now)
    for route in changed:
        if route.told:
            _announce(route.row, route.told[-1], now)


def _record(changed: Iterable[_Route], now: datetime) -> None:
    events = [event for route in changed for event in route.events]
    if events:
        record_events(events, actor=None, now=now)


def _announce(row: CrossVenueOpportunity, name: str, now: datetime) -> None:
    data = {"name": name, **spread_facts(row, now=now)}
    transaction.on_commit(lambda: publish_live(topic=Topic.SPREAD, key=str(row.pk), data=data), robust=True)


def _count(outcome: str, number: int) -> None:
    if number:
        OPPORTUNITIES.labels(kind=OpportunityKind.CROSS_VENUE, outcome=outcome).inc(number)
