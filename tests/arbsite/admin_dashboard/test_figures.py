from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from redis.exceptions import ConnectionError as RedisGone

from arbsite.admin_dashboard.figures import MARGINS, Profit, count_figures, figures_of, margin_labels
from arbsite.admin_dashboard.ranges import RANGES, range_of
from common.audit import verify_chains
from common.models import AuditVerification, OutboxMessage
from jobs.choices import JobState
from jobs.models import Job
from opportunities.models import Opportunity
from tests.opportunities.factories import analyze, found, make_deck
from tests.pricing.factories import NOW

pytestmark = pytest.mark.django_db
DAY, WEEK, MONTH = RANGES


def test_buckets_end_with_the_current_one():
    now = datetime(2026, 11, 21, 12, 34, tzinfo=UTC)

    assert DAY.buckets(now)[-1] == datetime(2026, 11, 21, 12, tzinfo=UTC)
    assert len(DAY.buckets(now)) == 24
    assert MONTH.buckets(now)[0] == datetime(2026, 10, 23, tzinfo=UTC)
    assert len(WEEK.buckets(now)) == 7


@pytest.mark.parametrize(("key", "expected"), [("7d", WEEK), ("x", DAY), (None, DAY)])
def test_unknown_range_is_the_first(key, expected):
    assert range_of(key) is expected


def test_what_is_executable_is_counted_by_currency_and_margin():
    deck = make_deck()
    analyze(deck.sealed)
    Opportunity.objects.update(opened_at=NOW)

    figures = count_figures(DAY, now=NOW)

    assert figures.profits == (Profit("EUR", Decimal("16.00"), 1),)
    assert figures.executable == 1
    assert figures.confidence == found(deck).confidence_score
    assert figures.margins == {(found(deck).risk_level, "20–30 %"): 1}
    assert sum(figures.opened.values()) == 1


def test_what_needs_a_review_counts_apart():
    deck = make_deck()
    analyze(deck.sealed)
    Opportunity.objects.update(needs_review=True)

    figures = count_figures(DAY, now=NOW)

    assert (figures.executable, figures.review_count) == (0, 1)
    assert figures.confidence is None
    assert not figures.margins


def test_every_margin_has_one_bucket():
    labels = margin_labels()

    assert len(labels) == len(set(labels)) == len(MARGINS) + 1


def test_failed_jobs_count_within_the_range_only():
    for age, state in (
        (1, JobState.FAILED),
        (2, JobState.PARTLY),
        (3, JobState.SUCCEEDED),
        (60, JobState.FAILED),
    ):
        Job.objects.create(
            kind="x.y", label=f"{age} h", state=state, created_at=NOW - timedelta(hours=age),
            finished_at=NOW,
        )  # fmt: skip

    assert count_figures(DAY, now=NOW).failed_jobs == 2
    assert count_figures(WEEK, now=NOW).failed_jobs == 3


def test_outbox_and_audit_chain_are_told():
    OutboxMessage.objects.create(task="a.b", queue="default", due_at=NOW - timedelta(minutes=5))
    OutboxMessage.objects.create(task="a.c", queue="default", due_at=NOW, parked_at=NOW)
    AuditVerification.objects.create(
        verified_at=NOW, event_count=3, stream_count=1, break_count=0, duration_ms=1, anchor_digest=""
    )

    figures = count_figures(DAY, now=NOW)

    assert (figures.outbox_waiting, figures.outbox_parked) == (1, 1)
    assert figures.outbox_oldest == NOW - timedelta(minutes=5)
    assert figures.verification is not None
    assert figures.verification.event_count == 3
    assert verify_chains(now=NOW).is_intact


def test_figures_are_kept_for_some_seconds(django_assert_num_queries):
    first = figures_of(DAY, now=NOW)

    with django_assert_num_queries(0):
        assert figures_of(DAY, now=NOW + timedelta(seconds=1)) == first


def test_page_works_without_the_cache(monkeypatch):
    def gone(*_args: object) -> None:
        raise RedisGone

    monkeypatch.setattr(cache, "get", gone)

    assert figures_of(DAY, now=NOW).executable == 0
