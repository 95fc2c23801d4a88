"""What the dashboard counts: a fixed number of set-based queries, each bounded, cached for some seconds."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_FLOOR, Decimal
from itertools import pairwise
from typing import Any, Final

from django.core.cache import cache
from django.db.models import Case, CharField, Count, Min, Q, QuerySet, Sum, Value, When
from django.db.models.functions import Trunc
from redis.exceptions import RedisError

from common.models import AuditVerification, OutboxMessage
from jobs.choices import JobState
from jobs.models import Job
from opportunities.models import Opportunity
from opportunities.selectors import opportunity_list
from pricing.choices import QuarantineStatus, UnmatchedStatus
from pricing.models import QuarantinedPrice, UnmatchedArticle
from scrapers.selectors import Coverage, SourceOverview, coverage, source_list
from trading.choices import ExecutionState
from trading.models import Execution, KillSwitch

from .ranges import TimeRange

CACHE_SECONDS: Final = 15
MOST_COUNTED: Final = 10_000
MARGINS: Final = (0, 10, 20, 30, 50, 75, 100, 150, 300)
_JOBS_SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Profit:
    """What the executable opportunities of one currency promise together."""

    currency: str
    amount: Decimal
    count: int


@dataclass(frozen=True, slots=True)
class JobLine:
    """One job, as the tables of the page name it."""

    id: str
    label: str
    state: str
    state_label: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything on the page, of one moment. Counts stop at `MOST_COUNTED`.

    `margins` maps (risk level, bucket of `MARGINS`) to a count; `opened` and `closed` map the beginning of a
    bucket of the range to a count.
    """

    now: datetime
    profits: tuple[Profit, ...]
    confidence: Decimal | None
    review_count: int
    margins: Mapping[tuple[str, str], int]
    opened: Mapping[datetime, int]
    closed: Mapping[datetime, int]
    coverage: Coverage
    sources: tuple[SourceOverview, ...]
    open_breakers: tuple[tuple[str, datetime | None, str], ...]
    failed_jobs: int
    failed: tuple[JobLine, ...]
    running: tuple[JobLine, ...]
    quarantined: int
    unmatched: int
    verification: AuditVerification | None
    outbox_waiting: int
    outbox_oldest: datetime | None
    outbox_parked: int
    executions: int
    open_executions: int
    switches: int

    @property
    def executable(self) -> int:
        """How many opportunities could be acted on now."""
        return sum(profit.count for profit in self.profits)


def figures_of(chosen: TimeRange, *, now: datetime) -> Figures:
    """Return the figures of a range, at most `CACHE_SECONDS` old."""
    key = f"admin-dashboard:{chosen.key}"
    try:
        found: Figures | None = cache.get(key)
        if found is None:
            found = count_figures(chosen, now=now)
            cache.set(key, found, CACHE_SECONDS)
    except RedisError:  # the page is where one looks when Redis is gone
        return count_figures(chosen, now=now)
    return found


def count_figures(chosen: TimeRange, *, now: datetime) -> Figures:
    """Count everything now."""
    since = chosen.buckets(now)[0]
    sources = tuple(source_list(now=now))
    jobs = Job.objects.filter(created_at__gte=since, state__in=(JobState.FAILED, JobState.PARTLY))
    outbox = _outbox()
    return Figures(
        now=now,
        **_opportunities(now),
        opened=_per_bucket("opened_at", chosen, since),
        closed=_per_bucket("closed_at", chosen, since),
        coverage=coverage(now=now),
        sources=sources,
        open_breakers=_open_breakers(sources),
        failed_jobs=_bounded(jobs),
        failed=_lines(jobs),
        running=_lines(Job.objects.open()),
        quarantined=_bounded(QuarantinedPrice.objects.filter(status=QuarantineStatus.HELD)),
        unmatched=_bounded(UnmatchedArticle.objects.filter(status=UnmatchedStatus.OPEN)),
        verification=AuditVerification.objects.order_by("-verified_at", "-id").first(),
        outbox_waiting=outbox["waiting"],
        outbox_oldest=outbox["oldest"],
        outbox_parked=outbox["parked"],
        **_executions(since),
        switches=KillSwitch.objects.filter(released_at=None).count(),
    )


def _opportunities(now: datetime) -> dict[str, Any]:
    """Group the active opportunities once: by currency, risk, margin and whether a person must look first."""
    groups = list(
        opportunity_list(now=now)
        .active()
        .select_related(None)
        .annotate(bucket=_bucket())
        .order_by()
        .values("currency", "risk_level", "bucket", "needs_review")
        .annotate(count=Count("id"), profit=Sum("net_profit"), confidence=Sum("confidence_score"))
    )
    trusted = [group for group in groups if not group["needs_review"]]
    margins: dict[tuple[str, str], int] = {}
    profits: dict[str, tuple[Decimal, int]] = {}
    for group in trusted:
        place = (group["risk_level"], group["bucket"])
        margins[place] = margins.get(place, 0) + group["count"]
        amount, count = profits.get(group["currency"], (Decimal(0), 0))
        profits[group["currency"]] = (amount + group["profit"], count + group["count"])
    total = sum(group["count"] for group in trusted)
    confidence = sum((group["confidence"] for group in trusted), Decimal(0))
    return {
        "profits": tuple(Profit(currency, *found) for currency, found in sorted(profits.items())),
        "confidence": (confidence / total).quantize(Decimal("0.01"), ROUND_FLOOR) if total else None,
        "review_count": sum(group["count"] for group in groups if group["needs_review"]),
        "margins": margins,
    }


def margin_labels() -> list[str]:
    """Return the buckets of margins in words, lowest first."""
    inner = [f"{low}–{high} %" for low, high in pairwise(MARGINS)]
    return ["below 0 %", *inner, f"{MARGINS[-1]} % and more"]


def _bucket() -> Case:
    labels = margin_labels()
    whens = [
        When(margin_percentage__lt=edge, then=Value(label))
        for edge, label in zip(MARGINS, labels, strict=False)
    ]
    return Case(*whens, default=Value(labels[-1]), output_field=CharField())


def _per_bucket(column: str, chosen: TimeRange, since: datetime) -> dict[datetime, int]:
    """Count the opportunities whose time lies in each bucket of the range."""
    rows = (
        Opportunity.objects.filter(**{f"{column}__gte": since})
        .order_by()
        .annotate(bucket=Trunc(column, chosen.bucket))
        .values_list("bucket")
        .annotate(Count("id"))
    )
    return dict(rows)


def _open_breakers(sources: tuple[SourceOverview, ...]) -> tuple[tuple[str, datetime | None, str], ...]:
    hosts = {host.key: host for source in sources for route in source.routes for host in route.hosts}
    return tuple(
        (host.key, host.opened_until, host.last_failure) for _, host in sorted(hosts.items()) if host.is_open
    )


def _bounded(rows: "QuerySet[Any]") -> int:
    return rows.order_by()[:MOST_COUNTED].count()


def _lines(jobs: "QuerySet[Job]") -> tuple[JobLine, ...]:
    return tuple(
        JobLine(str(job.pk), job.label, job.state, job.get_state_display(), job.created_at)
        for job in jobs.order_by("-created_at", "id")[:_JOBS_SHOWN]
    )


def _outbox() -> dict[str, Any]:
    waiting = Q(published_at=None, parked_at=None)
    return OutboxMessage.objects.filter(done_at=None).aggregate(
        waiting=Count("id", filter=waiting),
        oldest=Min("due_at", filter=waiting),
        parked=Count("id", filter=Q(parked_at__isnull=False)),
    )


def _executions(since: datetime) -> dict[str, Any]:
    found: dict[str, Any] = Execution.objects.aggregate(
        executions=Count("id", filter=Q(created_at__gte=since)),
        open_executions=Count("id", filter=Q(state__in=(ExecutionState.BOUGHT, ExecutionState.SELLING))),
    )
    return found
