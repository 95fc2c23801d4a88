"""Evaluating alert rules: who is told what. Nothing is sent here; deliveries leave through the outbox."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from django.db import transaction

from opportunities.alerts.deciding import Memory, Step, decide
from opportunities.alerts.matching import matches_of, matching_opportunities
from opportunities.models import AlertFiring, AlertRule, Opportunity

from .alerts_telling import tell

logger = structlog.get_logger(__name__)

RULES_A_BATCH: Final = 500


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
    memories = _memories([rule], None)[rule.pk]
    _remember(rule, _decide(rule, matched, memories, is_silent=True, now=now), matched, now=now)
    return len(matched)


def _evaluate(*, opportunity_ids: Collection[UUID] | None, now: datetime) -> FiringReport:
    counts: Counter[Step] = Counter()
    seen = 0
    for rules in _batches():
        seen += len(rules)
        matches = matches_of(rules, now=now, opportunity_ids=opportunity_ids)
        memories = _memories(rules, opportunity_ids)
        for rule in rules:
            steps = _decide(
                rule, matches[rule.pk], memories[rule.pk], is_silent=_is_snoozed(rule, now), now=now
            )
            if any(steps.values()):
                counts += _apply(rule, matches[rule.pk], opportunity_ids, now)
    report = FiringReport(seen, counts[Step.FIRE], counts[Step.NOTE], counts[Step.STOP])
    logger.info("alerts.evaluated", **report.as_data())
    return report


def _batches() -> Iterator[Sequence[AlertRule]]:
    rules = AlertRule.objects.filter(is_enabled=True, user__is_active=True).select_related("user")
    last = UUID(int=0)
    while batch := list(rules.filter(pk__gt=last).order_by("pk")[:RULES_A_BATCH]):
        yield batch
        last = batch[-1].pk


def _memories(
    rules: Sequence[AlertRule], opportunity_ids: Collection[UUID] | None
) -> dict[UUID, dict[UUID, Memory]]:
    """Return what rules remember, per rule and opportunity, in one statement."""
    rows = AlertFiring.objects.filter(rule__in=rules)
    if opportunity_ids is not None:
        rows = rows.filter(opportunity__in=opportunity_ids)
    found: dict[UUID, dict[UUID, Memory]] = {rule.pk: {} for rule in rules}
    for row in rows.iterator(chunk_size=2_000):
        found[row.rule_id][row.opportunity_id] = Memory(row.opened_at, row.fired_at, row.has_stopped)
    return found


def _is_snoozed(rule: AlertRule, now: datetime) -> bool:
    return rule.snoozed_until is not None and now < rule.snoozed_until


def _decide(
    rule: AlertRule,
    matched: Mapping[UUID, datetime],
    memories: Mapping[UUID, Memory],
    *,
    is_silent: bool,
    now: datetime,
) -> dict[Step, list[UUID]]:
    """Return what to do with which opportunities; those to do nothing with are left out."""
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
    rule: AlertRule,
    matched: Mapping[UUID, datetime],
    opportunity_ids: Collection[UUID] | None,
    now: datetime,
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
        memories = _memories([locked], opportunity_ids)[locked.pk]
        steps = _decide(locked, matched, memories, is_silent=_is_snoozed(locked, now), now=now)
        _remember(locked, steps, matched, now=now)
        if steps[Step.FIRE]:
            tell(locked, steps[Step.FIRE], now=now)
    return Counter({step: len(found) for step, found in steps.items()})


def _remember(
    rule: AlertRule, steps: dict[Step, list[UUID]], matched: Mapping[UUID, datetime], *, now: datetime
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
