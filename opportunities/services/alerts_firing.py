"""Evaluating alert rules: who is told what. Nothing is sent here; deliveries leave through the outbox."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from django.db import transaction

from common.audit import record_event
from opportunities.alerts.deciding import Memory, Step, decide
from opportunities.alerts.matching import matches_of, matching_opportunities
from opportunities.alerts.quiet_hours import quiet_end
from opportunities.alerts.texts import TITLE_LENGTH, alert_text
from opportunities.choices import DeliveryState, NotificationKind
from opportunities.models import AlertChannel, AlertDelivery, AlertFiring, AlertRule, Opportunity

from .alerts_notifying import NewNotification, notify_users
from .alerts_queueing import queue_delivery

logger = structlog.get_logger(__name__)

RULES_A_BATCH: Final = 500
MAX_BELL_LINES: Final = 5
_MAX_NAMED: Final = 100
MUTED: Final = "The channel was muted."


@dataclass(frozen=True, slots=True)
class FiringReport:
    """How many rules were looked at, and how many alerts they raised, took note of and let go."""

    rules: int = 0
    fired: int = 0
    noted: int = 0
    stopped: int = 0

    def as_data(self) -> dict[str, int]:
        """Return the figures for a task's log."""
        return {"rules": self.rules, "fired": self.fired, "noted": self.noted, "stopped": self.stopped}


def evaluate_opening(*, opportunity_id: UUID, opened_at: datetime, now: datetime) -> FiringReport:
    """Evaluate every enabled rule for one opening of an opportunity.

    Safe to run twice and side by side: each rule is locked while it decides, and remembers what it said. An
    opportunity that was closed, opened anew or needs review since raises nothing.

    Args:
        opportunity_id: which opportunity.
        opened_at: which of its openings.
        now: time of the evaluation.
    """
    if not Opportunity.objects.filter(pk=opportunity_id, opened_at=opened_at).exists():
        return FiringReport()
    return _evaluate(opportunity_ids=[opportunity_id], now=now)


def evaluate_rules(*, now: datetime) -> FiringReport:
    """Evaluate every enabled rule for every active opportunity: figures move without a new opening.

    Also takes note of what has stopped matching, so that it is told when it starts again.
    """
    return _evaluate(opportunity_ids=None, now=now)


def prime_rule(rule: AlertRule, *, now: datetime) -> int:
    """Take note of what a rule matches as it is saved, in the caller's transaction; none of it is told.

    A rule speaks about what starts to match. What it matches already is shown by its preview.

    Returns:
        How many opportunities it matches.
    """
    matched = dict(matching_opportunities(rule, now=now).values_list("pk", "opened_at"))
    steps = _decide(rule, matched, opportunity_ids=None, is_silent=True, now=now)
    _remember(rule, steps, matched, now=now)
    return len(matched)


def _evaluate(*, opportunity_ids: Collection[UUID] | None, now: datetime) -> FiringReport:
    counts: Counter[Step] = Counter()
    seen = 0
    for rules in _batches():
        seen += len(rules)
        matches = matches_of(rules, now=now, opportunity_ids=opportunity_ids)
        for rule in rules:
            matched = matches[rule.pk]
            if any(_steps(rule, matched, opportunity_ids, now).values()):
                counts += _apply(rule, matched, opportunity_ids, now)
    report = FiringReport(seen, counts[Step.FIRE], counts[Step.NOTE], counts[Step.STOP])
    logger.info("alerts.evaluated", **report.as_data())
    return report


def _batches() -> Iterator[Sequence[AlertRule]]:
    rules = AlertRule.objects.filter(is_enabled=True, user__is_active=True).select_related("user")
    last = UUID(int=0)
    while batch := list(rules.filter(pk__gt=last).order_by("pk")[:RULES_A_BATCH]):
        yield batch
        last = batch[-1].pk


def _steps(
    rule: AlertRule, matched: dict[UUID, datetime], opportunity_ids: Collection[UUID] | None, now: datetime
) -> dict[Step, list[UUID]]:
    is_silent = rule.snoozed_until is not None and now < rule.snoozed_until
    return _decide(rule, matched, opportunity_ids=opportunity_ids, is_silent=is_silent, now=now)


def _decide(
    rule: AlertRule,
    matched: dict[UUID, datetime],
    *,
    opportunity_ids: Collection[UUID] | None,
    is_silent: bool,
    now: datetime,
) -> dict[Step, list[UUID]]:
    """Return what to do with which opportunities; those to do nothing with are left out."""
    rows = AlertFiring.objects.filter(rule=rule)
    if opportunity_ids is not None:
        rows = rows.filter(opportunity__in=opportunity_ids)
    memories = {row.opportunity_id: Memory(row.opened_at, row.fired_at, row.has_stopped) for row in rows}
    steps: dict[Step, list[UUID]] = {Step.FIRE: [], Step.NOTE: [], Step.STOP: []}
    for opportunity_id in sorted({*memories, *matched}):
        step = decide(
            memories.get(opportunity_id),
            matching_opening=matched.get(opportunity_id),
            cooldown=timedelta(minutes=rule.cooldown_minutes),
            is_silent=is_silent,
            now=now,
        )
        if step is not Step.NOTHING:
            steps[step].append(opportunity_id)
    return steps


def _apply(
    rule: AlertRule, matched: dict[UUID, datetime], opportunity_ids: Collection[UUID] | None, now: datetime
) -> Counter[Step]:
    """Decide again with the rule locked, and write it all in one transaction."""
    with transaction.atomic():
        locked = (
            AlertRule.objects.select_for_update(of=("self",))
            .select_related("user")
            .filter(pk=rule.pk, is_enabled=True, updated_at=rule.updated_at)
            .first()
        )
        if locked is None:  # edited since it was read: its new conditions are for the next evaluation
            return Counter()
        steps = _steps(locked, matched, opportunity_ids, now)
        _remember(locked, steps, matched, now=now)
        if steps[Step.FIRE]:
            _tell(locked, steps[Step.FIRE], now)
    return Counter({step: len(found) for step, found in steps.items()})


def _remember(
    rule: AlertRule, steps: dict[Step, list[UUID]], matched: dict[UUID, datetime], *, now: datetime
) -> None:
    if steps[Step.STOP]:
        AlertFiring.objects.filter(rule=rule, opportunity__in=steps[Step.STOP]).update(has_stopped=True)
    known = {
        row.opportunity_id: row
        for row in AlertFiring.objects.filter(
            rule=rule, opportunity__in=[*steps[Step.FIRE], *steps[Step.NOTE]]
        )
    }
    rows = []
    for step in (Step.FIRE, Step.NOTE):
        for opportunity_id in steps[step]:
            row = known.get(opportunity_id) or AlertFiring(rule=rule, opportunity_id=opportunity_id)
            row.opened_at, row.has_stopped = matched[opportunity_id], False
            if step is Step.FIRE:
                row.fired_at, row.count = now, row.count + 1
            rows.append(row)
    AlertFiring.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["rule", "opportunity"],
        update_fields=["opened_at", "fired_at", "has_stopped", "count"],
    )


def _tell(rule: AlertRule, opportunity_ids: Sequence[UUID], now: datetime) -> None:
    """Write the deliveries, the bell's lines, the rule's figures, the audit event and the outbox messages."""
    rows = list(
        Opportunity.objects.filter(pk__in=opportunity_ids)
        .select_related("sealed_product", "buy_source")
        .order_by("-rank_score", "-net_profit", "id")
    )
    counts = dict(
        AlertFiring.objects.filter(rule=rule, opportunity__in=opportunity_ids).values_list(
            "opportunity_id", "count"
        )
    )
    keys = {row.pk: _key(rule, row, counts[row.pk]) for row in rows}
    channels = list(rule.channels.order_by("id"))
    for channel in channels:
        _deliver(rule, channel, rows, keys, now)
    notify_users(_bell_lines(rule, rows, keys), now=now)
    rule.last_fired_at = now
    rule.fired_count += len(rows)
    # `updated_at` stays: it says when a person changed the rule.
    rule.save(update_fields=["last_fired_at", "fired_count"])
    record_event(
        actor=None,
        verb="alert_rule.fired",
        subject=f"alert_rule:{rule.pk}",
        data={
            "opportunities": [str(row.pk) for row in rows[:_MAX_NAMED]],
            "count": len(rows),
            "channels": [str(channel.pk) for channel in channels],
        },
        now=now,
    )


def _key(rule: AlertRule, row: Opportunity, count: int) -> str:
    """Name one firing: rule, opportunity, opening, and which time it is."""
    return f"{rule.pk}:{row.pk}:{row.opened_at:%Y%m%dT%H%M%S.%f}:{count}"


def due_at_of(rule: AlertRule, *, now: datetime) -> datetime:
    """Return when an alert of a rule may be sent: now, or at the end of the quiet hours it falls into."""
    if rule.quiet_from is None or rule.quiet_until is None:
        return now
    zone = ZoneInfo(rule.user.time_zone)
    return quiet_end(now, zone=zone, start=rule.quiet_from, end=rule.quiet_until) or now


def _deliver(
    rule: AlertRule, channel: AlertChannel, rows: Sequence[Opportunity], keys: dict[UUID, str], now: datetime
) -> None:
    due_at = due_at_of(rule, now=now)
    deliveries = []
    for row in rows:
        title, body = alert_text(row)
        deliveries.append(
            AlertDelivery(
                rule=rule,
                channel=channel,
                opportunity=row,
                dedupe_key=f"{channel.pk}:{keys[row.pk]}",
                title=title,
                body=body,
                state=DeliveryState.SKIPPED if channel.is_muted else DeliveryState.WAITING,
                error=MUTED if channel.is_muted else "",
                due_at=due_at,
                created_at=now,
            )
        )
    AlertDelivery.objects.bulk_create(deliveries, ignore_conflicts=True)
    if not channel.is_muted:
        queue_delivery(rule_id=rule.pk, channel_id=channel.pk, due_at=due_at)


def _bell_lines(rule: AlertRule, rows: Sequence[Opportunity], keys: dict[UUID, str]) -> list[NewNotification]:
    """Return a line per opportunity, or one for all of them if they are many."""
    if len(rows) > MAX_BELL_LINES:
        return [
            NewNotification(
                user_id=rule.user_id,
                kind=NotificationKind.OPPORTUNITY,
                title=f"{rule.name}: {len(rows)} opportunities"[:TITLE_LENGTH],
                body=", ".join(row.sealed_product.name for row in rows[:MAX_BELL_LINES])[:450] + ", …",
                link="/opportunities",
                dedupe_key=f"alerts:{keys[rows[0].pk]}",
                tags=("alert",),
            )
        ]
    return [
        NewNotification(
            user_id=rule.user_id,
            kind=NotificationKind.OPPORTUNITY,
            title=alert_text(row)[0],
            body=f"Rule “{rule.name}”",
            link=f"/opportunities/{row.pk}",
            dedupe_key=f"alert:{keys[row.pk]}",
            tags=("alert", row.risk_level),
        )
        for row in rows
    ]
