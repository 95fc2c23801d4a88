"""The figures as tiles: a number, what it means, whether it is bad, and the filtered list behind it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from urllib.parse import urlencode

from django.contrib import admin
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.timesince import timesince

from .figures import MOST_COUNTED, Figures
from .ranges import TimeRange

GOOD: Final = "good"
BAD: Final = "bad"
WARNING: Final = "warning"
PLAIN: Final = ""
_OUTBOX_LATE_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure. `state` colours it and `word` says the same in words; `link` is empty without the right."""

    title: str
    value: str
    note: str
    link: str = ""
    state: str = PLAIN
    word: str = ""


def tiles_of(figures: Figures, chosen: TimeRange, request: HttpRequest) -> list[Tile]:
    """Return the tiles in order, linked to what this member of staff may see."""
    return [
        *_opportunities(figures, request),
        _executions(figures, chosen, request),
        _jobs(figures, chosen, request),
        _breakers(figures, request),
        _quarantine(figures, request),
        _unmatched(figures, request),
        _audit(figures, request),
        _outbox(figures, request),
    ]


def list_link(request: HttpRequest, model: str, **filters: object) -> str:
    """Return the address of a model's list with filters; empty if the user may not see it.

    Args:
        request: of the user.
        model: `app.model`.
        filters: query parameters of the list.
    """
    found = next((one for one in admin.site._registry if one._meta.label_lower == model), None)
    if found is None or not admin.site._registry[found].has_view_permission(request):
        return ""
    try:
        address = reverse(f"admin:{model.replace('.', '_')}_changelist")
    except NoReverseMatch:
        return ""
    return f"{address}?{urlencode(filters)}" if filters else address


def _opportunities(figures: Figures, request: HttpRequest) -> list[Tile]:
    active = {"status__exact": "active", "needs_review__exact": 0}
    link = list_link(request, "opportunities.opportunity", **active)
    review = f"{figures.review_count:,} more wait for a review" if figures.review_count else "none to review"
    profits = " + ".join(f"{profit.amount:,.2f} {profit.currency}" for profit in figures.profits)
    return [
        Tile("Active opportunities", f"{figures.executable:,}", review, link),
        Tile("Expected profit", profits or "–", "one of each, after all costs", link),
        Tile(
            "Average confidence",
            "–" if figures.confidence is None else f"{figures.confidence}",
            "of the active ones, 0 to 1",
            link,
        ),
    ]


def _executions(figures: Figures, chosen: TimeRange, request: HttpRequest) -> Tile:
    link = list_link(request, "trading.execution")
    if figures.switches:
        link = list_link(request, "trading.killswitch") or link
        return Tile("Executions", "stopped", "a kill switch is engaged", link, BAD, "Stopped")
    note = f"{figures.open_executions:,} not settled yet"
    return Tile(f"Executions, {chosen.label}", f"{figures.executions:,}", note, link)


def _jobs(figures: Figures, chosen: TimeRange, request: HttpRequest) -> Tile:
    link = list_link(request, "jobs.job", ended="badly")
    state, word = (BAD, "Look at them") if figures.failed_jobs else (GOOD, "Fine")
    note = f"{len(figures.running)} running or queued" if figures.running else "none running"
    return Tile(f"Failing jobs, {chosen.label}", _count(figures.failed_jobs), note, link, state, word)


def _breakers(figures: Figures, request: HttpRequest) -> Tile:
    link = reverse("admin:scrapers_sourceroute_hosts")
    count = len(figures.open_breakers)
    names = ", ".join(key for key, _, _ in figures.open_breakers[:2])
    state, word = (BAD, "Left alone") if count else (GOOD, "Fine")
    return Tile("Open breakers", f"{count}", names or "every host is asked normally", link, state, word)


def _quarantine(figures: Figures, request: HttpRequest) -> Tile:
    link = list_link(request, "pricing.quarantinedprice", status__exact="held")
    state, word = (WARNING, "Decide") if figures.quarantined else (GOOD, "Fine")
    return Tile("Quarantine", _count(figures.quarantined), "prices wait for a decision", link, state, word)


def _unmatched(figures: Figures, request: HttpRequest) -> Tile:
    link = list_link(request, "pricing.unmatchedarticle", status__exact="open")
    return Tile("Unmatched", _count(figures.unmatched), "articles not in the catalogue", link)


def _audit(figures: Figures, request: HttpRequest) -> Tile:
    found = figures.verification
    link = list_link(request, "common.auditverification") or list_link(request, "common.auditevent")
    if found is None:
        return Tile("Audit chain", "not verified", "no verification has run yet", link, WARNING, "Verify")
    note = f"{found.event_count:,} events, verified {_ago(found.verified_at, figures.now)}"
    if found.break_count:
        return Tile("Audit chain", f"{found.break_count:,} breaks", note, link, BAD, "Broken")
    return Tile("Audit chain", "intact", note, link, GOOD, "Fine")


def _outbox(figures: Figures, request: HttpRequest) -> Tile:
    if figures.outbox_parked:
        link = list_link(request, "common.outboxmessage", state="parked")
        note = f"{figures.outbox_parked:,} parked after too many attempts"
        return Tile("Outbox backlog", f"{figures.outbox_waiting:,}", note, link, BAD, "Parked")
    link = list_link(request, "common.outboxmessage", state="waiting")
    oldest = figures.outbox_oldest
    if oldest is None or oldest >= figures.now:
        return Tile("Outbox backlog", f"{figures.outbox_waiting:,}", "nothing is late", link, GOOD, "Fine")
    late = (figures.now - oldest).total_seconds() > _OUTBOX_LATE_SECONDS
    state, word = (WARNING, "Late") if late else (GOOD, "Fine")
    note = f"oldest due {_ago(oldest, figures.now)}{'; do workers run?' if late else ''}"
    return Tile("Outbox backlog", f"{figures.outbox_waiting:,}", note, link, state, word)


def _count(number: int) -> str:
    return f"{number:,}" if number < MOST_COUNTED else f"{MOST_COUNTED:,} or more"


def _ago(moment: datetime, now: datetime) -> str:
    return f"{timesince(moment, now, depth=1)} ago"
