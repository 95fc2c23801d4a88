"""API keys: made (the secret is shown once and never kept), used, taken back."""

import secrets
import string
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from common.audit import NewEvent, record_event, record_events
from users.choices import Role, Scope
from users.errors import LimitReached, NotManageable, ScopeTooWide
from users.models import ApiKey, User
from users.policy import may_manage
from users.selectors import API_KEY_MARK, api_key_digest, live_api_keys

MAX_KEYS: Final = 20
"""Usable keys per user."""
MAX_DAYS: Final = 3_650
USE_NOTED_EVERY: Final = timedelta(minutes=1)
_SECRET_BYTES: Final = 32
_PREFIX_LENGTH: Final = 8
_ALPHABET: Final = string.ascii_lowercase + string.digits


@dataclass(frozen=True, slots=True)
class KeyOrder:
    """A key somebody asks for.

    `name` is to recognise it; at least one of `scopes`, `ops` only for operators and above; it expires after
    1 to 3,650 days, or never with None.
    """

    name: str
    scopes: Collection[Scope]
    expires_in_days: int | None = None

    def __post_init__(self) -> None:
        if not self.scopes or not (self.expires_in_days is None or 1 <= self.expires_in_days <= MAX_DAYS):
            msg = "A key has at least one scope, and no days or 1 to 3,650."
            raise ValueError(msg)

    def expires_at(self, now: datetime) -> datetime | None:
        """Return when a key made now expires."""
        return None if self.expires_in_days is None else now + timedelta(days=self.expires_in_days)


@dataclass(frozen=True, slots=True)
class NewApiKey:
    """A key just made, and the only copy of its secret."""

    row: ApiKey
    secret: str


def create_api_key(
    user: User, *, order: KeyOrder, actor: User | None, made_with: ApiKey | None = None, now: datetime
) -> NewApiKey:
    """Make a key for a user; it can do what its scopes say, within the user's role at the time of each call.

    Args:
        user: its owner.
        order: what is asked for.
        actor: who makes it: the user, somebody who may manage them, or None for the command line.
        made_with: the key the call came with, if any: the new one must not outlive it.
        now: the current time.

    Raises:
        NotManageable: if the actor may not act for the user.
        ScopeTooWide: for `ops` without the role, or a key that would outlive the one it is made with.
        LimitReached: if the user has `MAX_KEYS` usable keys.
    """
    _require_manager(actor, user)
    if Scope.OPS in order.scopes and not user.has_role(Role.OPERATOR):
        raise ScopeTooWide(detail="The scope “ops” is for operators.", details={"scope": Scope.OPS})
    expires_at = order.expires_at(now)
    _refuse_to_outlive(made_with, expires_at)
    prefix = "".join(secrets.choice(_ALPHABET) for _ in range(_PREFIX_LENGTH))
    secret = f"{API_KEY_MARK}{prefix}_{secrets.token_urlsafe(_SECRET_BYTES)}"
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)  # two at once are counted one after the other
        if live_api_keys(user, now=now).count() >= MAX_KEYS:
            raise LimitReached(
                detail=f"You have {MAX_KEYS} keys; revoke one first.", details={"limit": MAX_KEYS}
            )
        row = ApiKey.objects.create(
            user=user,
            name=order.name,
            prefix=prefix,
            digest=api_key_digest(secret) or "",
            scopes=[scope for scope in Scope if scope in order.scopes],
            created_at=now,
            expires_at=expires_at,
        )
        record_event(
            actor=actor,
            verb="api_key.created",
            subject=f"api_key:{row.pk}",
            data={"user": str(user.pk), "prefix": prefix, "scopes": row.scopes, "expires_at": expires_at},
            now=now,
        )
    return NewApiKey(row, secret)


def revoke_api_key(key: ApiKey, *, actor: User | None, now: datetime) -> bool:
    """Take a key back; the next call with it is refused.

    Args:
        key: the key.
        actor: its owner, somebody who may manage the owner, or None for the command line.
        now: the current time.

    Returns:
        Whether it had not been revoked before.

    Raises:
        NotManageable: if the actor may not act for the owner.
    """
    _require_manager(actor, key.user)
    with transaction.atomic():
        return _revoke([key.pk], actor=actor, now=now) == 1


def revoke_keys_of(users: Collection[User], *, actor: User, now: datetime) -> int:
    """Take back every key of the users the actor may manage.

    Returns:
        How many keys were revoked.
    """
    allowed = [user.pk for user in users if user.pk == actor.pk or may_manage(actor, user)]
    with transaction.atomic():
        keys = ApiKey.objects.filter(user__in=allowed, revoked_at=None)
        return _revoke(list(keys.values_list("pk", flat=True)), actor=actor, now=now)


def note_key_use(key: ApiKey, *, now: datetime) -> None:
    """Keep when a key was last used, to the minute: not a write per call."""
    stale = now - USE_NOTED_EVERY
    if key.last_used_at is None or key.last_used_at <= stale:
        ApiKey.objects.filter(Q(last_used_at=None) | Q(last_used_at__lte=stale), pk=key.pk).update(
            last_used_at=now
        )


def _revoke(ids: Collection[UUID], *, actor: User | None, now: datetime) -> int:
    rows = ApiKey.objects.select_for_update().filter(pk__in=ids, revoked_at=None).order_by("pk")
    revoked = list(rows.values_list("pk", "prefix"))
    ApiKey.objects.filter(pk__in=[pk for pk, _ in revoked]).update(revoked_at=now)
    events = [NewEvent("api_key.revoked", f"api_key:{pk}", {"prefix": prefix}) for pk, prefix in revoked]
    record_events(events, actor=actor, now=now)
    return len(revoked)


def _require_manager(actor: User | None, owner: User) -> None:
    if actor is not None and actor.pk != owner.pk and not may_manage(actor, owner):
        raise NotManageable(detail=NotManageable.only_admins)


def _refuse_to_outlive(made_with: ApiKey | None, expires_at: datetime | None) -> None:
    if made_with is None or made_with.expires_at is None:
        return
    if expires_at is None or expires_at > made_with.expires_at:
        raise ScopeTooWide(
            "key_outlives_its_maker",
            "A key made with a key must not expire later than that one.",
            {"expires_at": made_with.expires_at.isoformat()},
        )
