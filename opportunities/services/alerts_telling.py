"""Telling what a rule has found: deliveries, lines behind the bell, the rule's figures, the audit event."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from common.audit import record_event
from opportunities.alerts.quiet_hours import quiet_end
from opportunities.alerts.texts import TITLE_LENGTH, alert_text
from opportunities.choices import DeliveryState, NotificationKind
from opportunities.models import AlertChannel, AlertDelivery, AlertFiring, AlertRule, Opportunity

from .alerts_notifying import NewNotification, notify_users
from .alerts_queueing import queue_delivery

MAX_BELL_LINES: Final = 5
_MAX_NAMED: Final = 100
MUTED: Final = "The channel was muted."


def tell(rule: AlertRule, opportunity_ids: Sequence[UUID], *, now: datetime) -> None:
    """Write, in the caller's transaction, everything that telling somebody about opportunities takes.

    One delivery per channel and opportunity, the bell's lines, the rule's figures, the audit event and the
    outbox messages that send the deliveries at the end of the quiet hours, or at once.

    Args:
        rule: locked, with its firings of these opportunities counted.
        opportunity_ids: what to tell.
        now: time of the evaluation.
    """
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
    rule: AlertRule,
    channel: AlertChannel,
    rows: Sequence[Opportunity],
    keys: Mapping[UUID, str],
    now: datetime,
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


def _bell_lines(
    rule: AlertRule, rows: Sequence[Opportunity], keys: Mapping[UUID, str]
) -> list[NewNotification]:
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
