"""What staff decide about a route: acknowledge its terms, review them, switch it on or off. All audited."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from common.audit import record_event
from common.errors import InvalidInput
from scrapers.models import SourceRoute
from users.models import User


def acknowledge_route(row: SourceRoute, *, actor: User, now: datetime) -> SourceRoute:
    """Record that an operator knows the venue's terms and takes the responsibility for using the route.

    Doing it again keeps the first acknowledgement.

    Raises:
        InvalidInput: if the route needs none.
    """
    with transaction.atomic():
        row = SourceRoute.objects.select_for_update().get(pk=row.pk)
        if not row.is_opt_in:
            raise InvalidInput("not_opt_in", f"{row} needs no acknowledgement.")
        if row.acknowledged_at is None:
            row.acknowledged_at, row.acknowledged_by = now, actor
            row.save(update_fields=["acknowledged_at", "acknowledged_by"])
            _record("source_route.acknowledged", row, actor, now, terms_url=row.terms_url)
    return row


def withdraw_acknowledgement(row: SourceRoute, *, actor: User, now: datetime) -> SourceRoute:
    """Take an acknowledgement back: the route does not start any more."""
    with transaction.atomic():
        row = SourceRoute.objects.select_for_update().get(pk=row.pk)
        if row.acknowledged_at is not None:
            row.acknowledged_at, row.acknowledged_by = None, None
            row.save(update_fields=["acknowledged_at", "acknowledged_by"])
            _record("source_route.acknowledgement_withdrawn", row, actor, now)
    return row


def review_route(
    row: SourceRoute, *, reviewed_on: date, allowed_use: str, actor: User, now: datetime
) -> SourceRoute:
    """Record a review of the venue's terms; the route may start for 180 days from that day.

    Args:
        row: the route.
        reviewed_on: the day of the review, not later than today.
        allowed_use: what the terms were found to allow.
        actor: who reviewed them.
        now: the current time.

    Raises:
        InvalidInput: for a day in the future, one before the last review, or an empty finding.
    """
    allowed_use = allowed_use.strip()
    with transaction.atomic():
        row = SourceRoute.objects.select_for_update().get(pk=row.pk)
        if reviewed_on > now.date():
            raise InvalidInput("review_in_future", f"{reviewed_on} has not come yet.")
        if row.reviewed_on is not None and reviewed_on < row.reviewed_on:
            raise InvalidInput("review_older", f"{row} was already reviewed on {row.reviewed_on}.")
        if not allowed_use:
            raise InvalidInput("review_without_finding", "Say what the terms allow.")
        row.reviewed_on, row.reviewed_by, row.allowed_use = reviewed_on, actor, allowed_use
        row.save(update_fields=["reviewed_on", "reviewed_by", "allowed_use"])
        _record("source_route.reviewed", row, actor, now, reviewed_on=reviewed_on.isoformat())
    return row


def switch_route(row: SourceRoute, *, is_enabled: bool, actor: User | None, now: datetime) -> SourceRoute:
    """Switch a route on or off."""
    with transaction.atomic():
        row = SourceRoute.objects.select_for_update().get(pk=row.pk)
        if row.is_enabled != is_enabled:
            row.is_enabled = is_enabled
            row.save(update_fields=["is_enabled"])
            _record(
                "source_route.switched_on" if is_enabled else "source_route.switched_off", row, actor, now
            )
    return row


def _record(verb: str, row: SourceRoute, actor: User | None, now: datetime, **facts: Any) -> None:
    data = {"source": row.source, "route": row.code, **facts}
    record_event(actor=actor, verb=verb, subject=f"source_route:{row.pk}", data=data, now=now)
