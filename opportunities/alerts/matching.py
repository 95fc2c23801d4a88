"""Which opportunities match which rules: one statement for many rules over all opportunities."""

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import BooleanField, Exists, ExpressionWrapper, OuterRef, Q

from opportunities.choices import RuleScope
from opportunities.models import AlertRule, OpportunityQuerySet, Watch

from .conditions import all_of, stored_conditions
from .fields import alertable_opportunities

RULES_A_STATEMENT: Final = 50


def rule_query(rule: AlertRule, *, now: datetime) -> Q:
    """Return what a rule asks of an opportunity, its scope included."""
    query = all_of(stored_conditions(rule.conditions), now=now)
    if rule.scope == RuleScope.WATCHLIST:
        watched = Watch.objects.filter(user=rule.user_id, product=OuterRef("sealed_product"))
        query &= Q(Exists(watched))
    return query


def matching_opportunities(rule: AlertRule, *, now: datetime) -> OpportunityQuerySet:
    """Return the opportunities a rule matches now."""
    return alertable_opportunities(now=now).filter(rule_query(rule, now=now))


def matches_of(
    rules: Sequence[AlertRule], *, now: datetime, opportunity_ids: Collection[UUID] | None = None
) -> dict[UUID, dict[UUID, datetime]]:
    """Return, per rule, the opportunities that match it with the opening each is in.

    Args:
        rules: the rules; `RULES_A_STATEMENT` of them share one statement.
        now: time the age of prices and the ends of opportunities are judged at.
        opportunity_ids: only these; None for all.
    """
    found: dict[UUID, dict[UUID, datetime]] = {rule.pk: {} for rule in rules}
    for group in _groups(rules):
        for opportunity_id, opened_at, *answers in _answers(group, now, opportunity_ids):
            for rule, holds in zip(group, answers, strict=True):
                if holds:
                    found[rule.pk][opportunity_id] = opened_at
    return found


def _answers(
    rules: Sequence[AlertRule], now: datetime, opportunity_ids: Collection[UUID] | None
) -> Iterator[tuple[Any, ...]]:
    rows = alertable_opportunities(now=now)
    if opportunity_ids is not None:
        rows = rows.filter(pk__in=opportunity_ids)
    marks = {
        f"rule_{index}": ExpressionWrapper(rule_query(rule, now=now), output_field=BooleanField())
        for index, rule in enumerate(rules)
    }
    # Rows that match none are read too: asking for a match again would double the statement.
    marked = rows.annotate(**marks)
    return marked.values_list("pk", "opened_at", *marks).iterator(chunk_size=1_000)


def _groups(rules: Sequence[AlertRule]) -> Iterator[Sequence[AlertRule]]:
    for start in range(0, len(rules), RULES_A_STATEMENT):
        yield rules[start : start + RULES_A_STATEMENT]
