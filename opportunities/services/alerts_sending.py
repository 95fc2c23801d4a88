"""Sending what is due: claim, send, settle. What fails is tried again, and then told to its owner."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import structlog
from django.conf import settings
from django.db import transaction
from django.db.models import F

from common.addresses import Resolve, resolve_host
from common.audit import record_event
from common.errors import TemporarilyUnavailable
from common.secrets import Secret, SecretError
from opportunities.alerts.sending import Outcome, send_message
from opportunities.alerts.texts import digest_text
from opportunities.choices import ChannelState, DeliveryState, NotificationKind, OpportunityStatus
from opportunities.models import AlertChannel, AlertDelivery

from .alerts_channels import channel_url
from .alerts_notifying import NewNotification, notify_users
from .alerts_queueing import queue_delivery

logger = structlog.get_logger(__name__)

MAX_ATTEMPTS: Final = 5
BACKOFF: Final = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=30))
SENDING_LEASE: Final = timedelta(seconds=150)
"""Longer than the task may run: a sending older than that was cut off."""
LOST_AFTER: Final = timedelta(hours=6)
CUT_OFF: Final = "Sending was cut off twice; the message may have arrived."

_NOTHING, _SKIPPED, _DELIVERED, _RETRY, _FAILED = "nothing", "skipped", "delivered", "retry", "failed"


class DeliveryBusy(TemporarilyUnavailable):
    """Another worker is sending this now, or died while it did and its claim has not run out yet."""

    default_code = "delivery_busy"


@dataclass(frozen=True, slots=True)
class _Claim:
    """What one sender took on."""

    channel: AlertChannel
    rule_id: UUID
    ids: tuple[UUID, ...]
    attempts: int
    url: Secret | None
    title: str
    body: str


def send_due(
    *, rule_id: UUID, channel_id: UUID, due_at: datetime, now: datetime, resolve: Resolve = resolve_host
) -> str:
    """Send what one rule has for one channel at one time, as one message.

    The claim commits before anything is sent and its end afterwards, so no transaction waits for a channel.
    A sender that dies in between leaves a claim behind that runs out after `SENDING_LEASE`; as nobody knows
    whether the message went out, it is sent once more: at most one duplicate. Dying a second time settles
    it as failed. What is not to be told any more (the opportunity is gone or under review, the rule off or
    snoozed, the channel muted) is skipped.

    Args:
        rule_id: whose alerts.
        channel_id: where to.
        due_at: which of them.
        now: time of this attempt.
        resolve: from a name and a port to IP addresses.

    Returns:
        `nothing`, `skipped`, `delivered`, `retry` (asked for through the outbox) or `failed`.

    Raises:
        DeliveryBusy: while somebody else sends it.
    """
    with transaction.atomic():
        claim = _claim(rule_id, channel_id, due_at, now)
    if isinstance(claim, str):
        return claim
    if claim.url is None:
        outcome = Outcome(False, "The address of the channel cannot be decrypted; enter it anew.", True)
    else:
        allowed = settings.ALERT_ALLOW_PRIVATE_HOSTS
        outcome = send_message(
            claim.url, title=claim.title, body=claim.body, allowed=allowed, resolve=resolve
        )
    with transaction.atomic():
        result = _settle(claim, outcome, now)
    logger.info("alert.sent", channel=str(channel_id), count=len(claim.ids), outcome=result)
    return result


def _claim(rule_id: UUID, channel_id: UUID, due_at: datetime, now: datetime) -> _Claim | str:
    rows = list(
        AlertDelivery.objects.select_for_update(of=("self",))
        .select_related("channel__user", "rule", "opportunity")
        .filter(rule=rule_id, channel=channel_id, due_at=due_at, state=DeliveryState.WAITING)
        .order_by("created_at", "id")
    )
    if not rows:
        return _NOTHING
    if any(row.sending_since is not None and now - row.sending_since < SENDING_LEASE for row in rows):
        raise DeliveryBusy(detail="Another worker is sending this.")
    ready = [row for row in rows if not _settled_before(row, now)]
    lost = [row.pk for row in rows if row.state == DeliveryState.FAILED]
    if lost:
        _tell_owner(rows[0].channel, lost, CUT_OFF, now)
    if not ready:
        return _FAILED if lost else _SKIPPED
    AlertDelivery.objects.filter(pk__in=[row.pk for row in ready]).update(
        attempts=F("attempts") + 1, sending_since=now
    )
    AlertDelivery.objects.filter(pk__in=[row.pk for row in ready if row.sending_since is not None]).update(
        is_repeat=True
    )
    rule_name = ready[0].rule.name if ready[0].rule is not None else ""
    title, body = digest_text(rule_name, ready)
    channel = ready[0].channel
    return _Claim(
        channel, rule_id, tuple(row.pk for row in ready), max(row.attempts for row in ready) + 1,
        _readable_url(channel), title, body,
    )  # fmt: skip


def _readable_url(channel: AlertChannel) -> Secret | None:
    try:
        return channel_url(channel)
    except SecretError as error:
        logger.error("alert.secret_unreadable", channel=str(channel.pk), code=error.code)
        return None


def _settled_before(row: AlertDelivery, now: datetime) -> bool:
    """Settle a delivery that is not to be sent any more; return whether it was one."""
    if row.sending_since is not None and row.is_repeat:
        state, reason = DeliveryState.FAILED, CUT_OFF
    else:
        state, reason = DeliveryState.SKIPPED, _reason_to_skip(row, now)
    if not reason:
        return False
    row.state, row.error, row.sending_since = state, reason, None
    row.save(update_fields=["state", "error", "sending_since"])
    return True


def _reason_to_skip(row: AlertDelivery, now: datetime) -> str:
    rule, opportunity = row.rule, row.opportunity
    if rule is None or not rule.is_enabled:
        return "The rule was switched off or deleted."
    if opportunity is None or opportunity.status != OpportunityStatus.ACTIVE:
        return "The opportunity was over before it could be told."
    reasons = {
        "The opportunity needs a review first.": opportunity.needs_review,
        "The rule was snoozed.": rule.snoozed_until is not None and now < rule.snoozed_until,
        "The channel was muted.": row.channel.is_muted,
        "The user is not active.": not row.channel.user.is_active,
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def _settle(claim: _Claim, outcome: Outcome, now: datetime) -> str:
    rows = AlertDelivery.objects.filter(pk__in=claim.ids, sending_since=now, state=DeliveryState.WAITING)
    if outcome.is_delivered:
        count = rows.update(state=DeliveryState.DELIVERED, error="", sending_since=None, delivered_at=now)
        _mark_channel(claim.channel.pk, ChannelState.WORKING, "", now)
        return _recorded(claim, _DELIVERED, count, now)
    error = outcome.error[:200]
    _mark_channel(claim.channel.pk, ChannelState.FAILING, error, None)
    if outcome.is_final or claim.attempts >= MAX_ATTEMPTS:
        count = rows.update(state=DeliveryState.FAILED, error=error, sending_since=None)
        if count:
            _tell_owner(claim.channel, claim.ids, error, now)
        return _recorded(claim, _FAILED, count, now)
    next_at = now + BACKOFF[min(claim.attempts, len(BACKOFF)) - 1]
    if rows.update(error=error, sending_since=None, due_at=next_at):
        queue_delivery(rule_id=claim.rule_id, channel_id=claim.channel.pk, due_at=next_at)
    return _RETRY


def _mark_channel(channel_id: UUID, state: str, error: str, delivered_at: datetime | None) -> None:
    facts: dict[str, object] = {"state": state, "last_error": error}
    if delivered_at is not None:
        facts["last_delivered_at"] = delivered_at
    AlertChannel.objects.filter(pk=channel_id).update(**facts)


def _recorded(claim: _Claim, result: str, count: int, now: datetime) -> str:
    record_event(
        actor=None,
        verb=f"alert.{result}",
        subject=f"alert_channel:{claim.channel.pk}",
        data={"deliveries": [str(pk) for pk in claim.ids[:100]], "count": count, "attempts": claim.attempts},
        now=now,
    )
    return result


def _tell_owner(channel: AlertChannel, ids: Sequence[UUID], error: str, now: datetime) -> None:
    notify_users(
        [
            NewNotification(
                user_id=channel.user_id,
                kind=NotificationKind.SYSTEM,
                title=f"Channel “{channel.name}” did not take an alert",
                body=error,
                link="/alerts",
                dedupe_key=f"alert-failed:{ids[0]}",
                tags=("alert", "channel"),
            )
        ],
        now=now,
    )


def give_up_lost(*, now: datetime) -> int:
    """Settle as failed what waits long after it was due: its message was parked or lost.

    Returns:
        How many deliveries that were.
    """
    with transaction.atomic():
        rows = list(
            AlertDelivery.objects.select_for_update(skip_locked=True, of=("self",))
            .select_related("channel")
            .filter(state=DeliveryState.WAITING, due_at__lt=now - LOST_AFTER)
            .order_by("id")[:1_000]
        )
        error = "Nobody sent it in time."
        AlertDelivery.objects.filter(pk__in=[row.pk for row in rows]).update(
            state=DeliveryState.FAILED, error=error, sending_since=None
        )
        for channel in {row.channel_id: row.channel for row in rows}.values():
            ids = [row.pk for row in rows if row.channel_id == channel.pk]
            _tell_owner(channel, ids, error, now)
            record_event(
                actor=None,
                verb="alert.failed",
                subject=f"alert_channel:{channel.pk}",
                data={"deliveries": [str(pk) for pk in ids[:100]], "count": len(ids)},
                now=now,
            )
    return len(rows)
