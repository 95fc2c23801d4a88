"""Rules of a user: kept, changed, snoozed, tried out and forgotten."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from common.audit import record_event
from common.errors import NotFound
from opportunities.choices import DeliveryState
from opportunities.models import AlertChannel, AlertDelivery, AlertRule
from users.errors import LimitReached, NameTaken
from users.models import User

from .alerts_firing import prime_rule

MAX_RULES: Final = 50
CHANGEABLE: Final = (
    "name", "scope", "conditions", "cooldown_minutes", "quiet_from", "quiet_until", "is_enabled",
)  # fmt: skip
_MATCHING: Final = frozenset({"scope", "conditions", "is_enabled"})


def create_rule(user: User, *, facts: Mapping[str, Any], now: datetime) -> AlertRule:
    """Keep a rule. What it matches already is taken note of, not told.

    Args:
        user: its owner.
        facts: checked values of `CHANGEABLE`, of which `name` is needed, and perhaps `channels` (rows).
        now: the current time.

    Raises:
        NameTaken: if the user has a rule of this name.
        LimitReached: if the user has `MAX_RULES`.
        NotFound: if a channel is somebody else's.
    """
    rule = AlertRule(user=user, created_at=now, updated_at=now)
    with transaction.atomic():
        _lock(user)
        if AlertRule.objects.filter(user=user).count() >= MAX_RULES:
            raise LimitReached(
                detail=f"There are {MAX_RULES} rules; delete one first.", details={"limit": MAX_RULES}
            )
        _fill(rule, facts)
        rule.save(force_insert=True)
        _connect(rule, facts)
        prime_rule(rule, now=now)
        _record(rule, "alert_rule.created", actor=user, now=now)
    return rule


def update_rule(rule: AlertRule, *, facts: Mapping[str, Any], actor: User, now: datetime) -> AlertRule:
    """Change a rule. With other conditions it starts anew: what it matches then is taken note of.

    Args:
        rule: which one.
        facts: as `create_rule`, any of them.
        actor: who does it.
        now: the current time.

    Raises:
        NameTaken: if another rule of its owner has this name.
        NotFound: if it was deleted meanwhile, or a channel is somebody else's.
    """
    with transaction.atomic():
        _lock(rule.user)
        row = _locked(rule)
        before = {name: getattr(row, name) for name in _MATCHING}
        _fill(row, facts)
        row.updated_at = now
        row.save(update_fields=[*CHANGEABLE, "updated_at"])
        _connect(row, facts)
        if row.is_enabled and before != {name: getattr(row, name) for name in _MATCHING}:
            prime_rule(row, now=now)
        _record(row, "alert_rule.changed", actor=actor, now=now)
    return row


def snooze_rule(rule: AlertRule, *, minutes: int, actor: User, now: datetime) -> AlertRule:
    """Keep a rule silent for some minutes; 0 ends it. What starts to match meanwhile is not told later.

    Raises:
        NotFound: if it was deleted meanwhile.
    """
    with transaction.atomic():
        row = _locked(rule)
        row.snoozed_until = now + timedelta(minutes=minutes) if minutes else None
        row.save(update_fields=["snoozed_until"])
        record_event(
            actor=actor,
            verb="alert_rule.snoozed",
            subject=f"alert_rule:{row.pk}",
            data={"minutes": minutes},
            now=now,
        )
    return row


def delete_rule(rule: AlertRule, *, actor: User, now: datetime) -> None:
    """Forget a rule; what waits to be sent is skipped, what was sent stays in the log."""
    with transaction.atomic():
        AlertDelivery.objects.filter(rule=rule.pk, state=DeliveryState.WAITING).update(
            state=DeliveryState.SKIPPED, error="The rule was deleted.", sending_since=None
        )
        deleted, _ = AlertRule.objects.filter(pk=rule.pk).delete()
        if deleted:
            _record(rule, "alert_rule.deleted", actor=actor, now=now)


def _fill(rule: AlertRule, facts: Mapping[str, Any]) -> None:
    for name in CHANGEABLE:
        if name in facts:
            setattr(rule, name, facts[name])
    others = AlertRule.objects.filter(user_id=rule.user_id, name=rule.name).exclude(pk=rule.pk)
    if others.exists():
        raise NameTaken(detail="There is a rule of this name.", details={"name": rule.name})


def _connect(rule: AlertRule, facts: Mapping[str, Any]) -> None:
    if "channels" not in facts:
        return
    channels: list[AlertChannel] = facts["channels"]
    if any(channel.user_id != rule.user_id for channel in channels):
        raise NotFound(detail="There is no such channel.")
    rule.channels.set(channels)


def _lock(user: User) -> None:
    """Let one change at a time judge the owner's names and number."""
    User.objects.select_for_update().only("pk").get(pk=user.pk)


def _locked(rule: AlertRule) -> AlertRule:
    row = AlertRule.objects.select_for_update(of=("self",)).select_related("user").filter(pk=rule.pk).first()
    if row is None:
        raise NotFound(detail="This rule was deleted.")
    return row


def _record(rule: AlertRule, verb: str, *, actor: User, now: datetime) -> None:
    data = {
        "owner": str(rule.user_id),
        "scope": rule.scope,
        "conditions": rule.conditions,
        "is_enabled": rule.is_enabled,
    }
    record_event(actor=actor, verb=verb, subject=f"alert_rule:{rule.pk}", data=data, now=now)
