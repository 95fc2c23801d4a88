"""What people decide about their own account."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from common.audit import record_event
from users.models import User

PREFERENCES: Final = ("time_zone", "currency", "theme", "density", "fee_profile")


def update_profile(user: User, *, changes: Mapping[str, Any], now: datetime) -> User:
    """Change the preferences given, and nothing else.

    Args:
        user: whose account.
        changes: new values by name, of `PREFERENCES`; `fee_profile` replaces the whole profile.
        now: the current time, for the audit trail.

    Raises:
        django.core.exceptions.ValidationError: for a value the column refuses, by name.
        ValueError: for a name that is no preference.
    """
    unknown = set(changes) - set(PREFERENCES)
    if unknown:
        msg = f"Not a preference: {sorted(unknown)}"
        raise ValueError(msg)
    changed = [name for name in PREFERENCES if name in changes and getattr(user, name) != changes[name]]
    for name in changed:
        setattr(user, name, changes[name])
    user.clean_fields(exclude=[field.name for field in User._meta.fields if field.name not in changed])
    if not changed:
        return user
    with transaction.atomic():
        user.save(update_fields=changed)
        record_event(
            actor=user,
            verb="user.profile_changed",
            subject=f"user:{user.pk}",
            data={name: changes[name] for name in changed},
            now=now,
        )
    return user
