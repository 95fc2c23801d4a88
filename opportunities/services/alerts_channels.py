"""Channels of a user: kept encrypted, checked before they are kept, tried out on request."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.db import transaction

from common.addresses import Resolve, resolve_host
from common.audit import record_event
from common.errors import NotFound
from common.secrets import Secret, SecretError, decrypt, encrypt
from opportunities.alerts.channels import Target, read_target
from opportunities.alerts.sending import Outcome, send_message
from opportunities.choices import ChannelState
from opportunities.models import AlertChannel
from users.errors import LimitReached, NameTaken
from users.models import User

MAX_CHANNELS: Final = 20
TEST_TITLE: Final = "Arbsite: a test"
TEST_BODY: Final = "This channel works. Alerts of your rules will arrive here."


def checked_target(url: Secret, *, resolve: Resolve = resolve_host) -> Target:
    """Read a channel's address and look where it leads.

    Raises:
        ChannelRefused: if its service or one of its options is not offered.
        AddressForbidden: if its host leads inside.
        HostNotFound: if its host leads nowhere.
    """
    allowed = settings.ALERT_ALLOW_PRIVATE_HOSTS
    target = read_target(url, allowed=allowed)
    target.private_sockets(allowed=allowed, resolve=resolve)
    return target


def channel_url(channel: AlertChannel) -> Secret:
    """Decrypt a channel's address.

    Raises:
        SecretError: if its key is gone, or it was changed or belongs to another row.
    """
    return decrypt(channel.url, context=_context(channel.pk))


def create_channel(user: User, *, facts: Mapping[str, Any], now: datetime) -> AlertChannel:
    """Keep a channel.

    Args:
        user: its owner.
        facts: `name`, `url` (a Secret), and perhaps `is_muted`.
        now: the current time.

    Raises:
        ChannelRefused, AddressForbidden, HostNotFound: as `checked_target`.
        NameTaken: if the user has a channel of this name.
        LimitReached: if the user has `MAX_CHANNELS`.
    """
    target = checked_target(facts["url"])
    channel = AlertChannel(user=user, name=facts["name"], created_at=now)
    channel.is_muted = facts.get("is_muted", False)
    _keep_url(channel, facts["url"], target)
    with transaction.atomic():
        _lock(user.pk)
        if AlertChannel.objects.filter(user=user).count() >= MAX_CHANNELS:
            raise LimitReached(
                detail=f"There are {MAX_CHANNELS} channels; delete one first.",
                details={"limit": MAX_CHANNELS},
            )
        _refuse_name(channel)
        channel.save(force_insert=True)
        _record(channel, "alert_channel.created", actor=user, now=now)
    return channel


def update_channel(
    channel: AlertChannel, *, facts: Mapping[str, Any], actor: User, now: datetime
) -> AlertChannel:
    """Change name, address or muting of a channel; a new address has to be tried again.

    Args:
        channel: which one.
        facts: any of `name`, `url` (a Secret), `is_muted`.
        actor: who does it.
        now: the current time.

    Raises:
        NameTaken: if another channel of its owner has this name.
        NotFound: if it was deleted meanwhile.
        ChannelRefused, AddressForbidden, HostNotFound: as `checked_target`.
    """
    target = checked_target(facts["url"]) if "url" in facts else None
    with transaction.atomic():
        _lock(channel.user_id)
        row = AlertChannel.objects.filter(pk=channel.pk).first()
        if row is None:
            raise NotFound(detail="This channel was deleted.")
        row.name = facts.get("name", row.name)
        row.is_muted = facts.get("is_muted", row.is_muted)
        if target is not None:
            _keep_url(row, facts["url"], target)
        _refuse_name(row)
        row.save()
        _record(row, "alert_channel.changed", actor=actor, now=now)
    return row


def delete_channel(channel: AlertChannel, *, actor: User, now: datetime) -> None:
    """Forget a channel and the log of its deliveries; nothing happens if that was done before."""
    with transaction.atomic():
        deleted, _ = AlertChannel.objects.filter(pk=channel.pk).delete()
        if deleted:
            _record(channel, "alert_channel.deleted", actor=actor, now=now)


def try_channel(channel: AlertChannel, *, actor: User, now: datetime) -> Outcome:
    """Send a test message through a channel and note how it went; nothing is tried again.

    Returns:
        Whether it was taken, and if not, why.
    """
    try:
        url = channel_url(channel)
    except SecretError as error:
        outcome = Outcome(False, error.detail, is_final=True)
    else:
        allowed = settings.ALERT_ALLOW_PRIVATE_HOSTS
        outcome = send_message(url, title=TEST_TITLE, body=TEST_BODY, allowed=allowed)
    with transaction.atomic():
        facts: dict[str, Any] = {
            "state": ChannelState.WORKING if outcome.is_delivered else ChannelState.FAILING,
            "last_error": outcome.error[:200],
        }
        if outcome.is_delivered:
            facts["last_delivered_at"] = now
        AlertChannel.objects.filter(pk=channel.pk).update(**facts)
        record_event(
            actor=actor,
            verb="alert_channel.tested",
            subject=f"alert_channel:{channel.pk}",
            data={"is_delivered": outcome.is_delivered},
            now=now,
        )
    return outcome


def _keep_url(channel: AlertChannel, url: Secret, target: Target) -> None:
    channel.url = encrypt(Secret(url.reveal().strip()), context=_context(channel.pk))
    channel.url_hint = target.hint
    channel.state, channel.last_error = ChannelState.UNTESTED, ""


def _context(channel_id: UUID) -> str:
    return f"{AlertChannel._meta.db_table}.url:{channel_id}"


def _lock(user_id: UUID) -> None:
    """Let one change at a time judge the owner's names and number."""
    User.objects.select_for_update().only("pk").get(pk=user_id)


def _refuse_name(channel: AlertChannel) -> None:
    others = AlertChannel.objects.filter(user_id=channel.user_id).exclude(pk=channel.pk)
    if others.filter(name=channel.name).exists():
        raise NameTaken(detail="There is a channel of this name.", details={"name": channel.name})


def _record(channel: AlertChannel, verb: str, *, actor: User, now: datetime) -> None:
    """Record a change without name and address: both may tell where somebody is reached."""
    data = {"owner": str(channel.user_id), "is_muted": channel.is_muted}
    record_event(actor=actor, verb=verb, subject=f"alert_channel:{channel.pk}", data=data, now=now)
