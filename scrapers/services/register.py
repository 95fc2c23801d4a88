"""Bring the register of terms, the venues and the price sources in line with the registry."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from catalog.choices import VenueKind
from catalog.models import Venue
from common.audit import record_event
from pricing.models import PriceSource
from scrapers.models import SourceRoute
from scrapers.registry import RESEARCHED_ON, SOURCES, PriceSourceSpec, RouteSpec, SourceSpec

VENUES: Final[dict[str, tuple[str, VenueKind, str, str]]] = {
    "ebay": ("eBay", VenueKind.MARKETPLACE, "US", "https://www.ebay.com"),
    "amazon": ("Amazon", VenueKind.MARKETPLACE, "US", "https://www.amazon.com"),
    "tcgplayer": ("TCGplayer", VenueKind.MARKETPLACE, "US", "https://www.tcgplayer.com"),
    "cardmarket": ("Cardmarket", VenueKind.MARKETPLACE, "EU", "https://www.cardmarket.com"),
    "cardkingdom": ("Card Kingdom", VenueKind.STORE, "US", "https://www.cardkingdom.com"),
}
"""Name, kind, region and website of venues whose rows are made here; others get their code as name."""


@dataclass(slots=True)
class RegisterReport:
    """How many rows were made, changed, and switched off because their route is gone."""

    created: int = 0
    updated: int = 0
    retired: int = 0


def sync_register(now: datetime, *, sources: Sequence[SourceSpec] = SOURCES) -> RegisterReport:
    """Write what the registry says into the register; doing it again changes nothing.

    What staff decided is kept: enabled, acknowledgement, a later review and its findings, the delay. Routes
    that left the registry stay as history, switched off.

    Args:
        now: the current time.
        sources: the registry.
    """
    report = RegisterReport()
    with transaction.atomic():
        rows = {(row.source, row.code): row for row in SourceRoute.objects.select_for_update()}
        for source in sources:
            for price in source.prices:
                _sync_price_source(price, report)
            for position, route in enumerate(source.routes):
                _sync_route(rows.pop((source.code, route.code), None), source, position, route, report)
        for row in rows.values():
            if row.is_enabled:
                row.is_enabled = False
                row.save(update_fields=["is_enabled"])
                report.retired += 1
        if report.updated or report.retired:  # first rows are a seed, like those of a migration
            facts = {"created": report.created, "updated": report.updated, "retired": report.retired}
            record_event(
                actor=None, verb="register.synchronised", subject="register:sources", data=facts, now=now
            )
    return report


def _sync_route(
    row: SourceRoute | None, source: SourceSpec, position: int, route: RouteSpec, report: RegisterReport
) -> None:
    values: dict[str, Any] = {
        "route": route.route,
        "position": position,
        "is_opt_in": route.is_opt_in,
        "robots_policy": route.robots,
        "terms_url": route.terms_url,
        "attribution": route.attribution,
    }
    if row is None:
        SourceRoute.objects.create(
            source=source.code,
            code=route.code,
            allowed_use=route.allowed_use,
            reviewed_on=route.reviewed_on,
            **values,
        )
        report.created += 1
        return
    if row.reviewed_by_id is None and _is_ours(row):
        values |= {"allowed_use": route.allowed_use, "reviewed_on": route.reviewed_on}
    changed = [name for name, value in values.items() if getattr(row, name) != value]
    if changed:
        for name in changed:
            setattr(row, name, values[name])
        row.save(update_fields=changed)
        report.updated += 1


def _is_ours(row: SourceRoute) -> bool:
    """Tell whether the review is the registry's own: staff's would be newer, or name its reviewer."""
    return row.reviewed_on is None or row.reviewed_on <= RESEARCHED_ON


def _sync_price_source(spec: PriceSourceSpec, report: RegisterReport) -> None:
    venue = _venue(spec)
    values = {
        "venue": venue,
        "currency": spec.currency,
        "identifier_source": spec.identifier_source,
        "market_price_type": spec.market_price_type,
        "is_reference": spec.is_reference,
        "attribution": spec.attribution,
    }
    row, is_new = PriceSource.objects.get_or_create(code=spec.code, defaults=values)
    if is_new:
        report.created += 1
        return
    # currency, name space and statistic give stored prices their meaning and never change behind their back
    follows = {"is_reference": spec.is_reference}
    if not row.attribution:
        follows["attribution"] = spec.attribution  # type: ignore[assignment]
    changed = [name for name, value in follows.items() if getattr(row, name) != value]
    if changed:
        for name in changed:
            setattr(row, name, follows[name])
        row.save(update_fields=changed)
        report.updated += 1


def _venue(spec: PriceSourceSpec) -> Venue:
    name, kind, region, website = VENUES.get(spec.venue, (spec.venue.title(), VenueKind.MARKETPLACE, "", ""))
    venue, _ = Venue.objects.get_or_create(
        code=spec.venue,
        defaults={
            "name": name, "kind": kind, "region": region, "currency": spec.currency, "website": website
        },
    )  # fmt: skip
    return venue
