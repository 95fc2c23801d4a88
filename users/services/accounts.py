"""The first accounts of an installation, accounts strangers make, switching accounts off."""

import os
import secrets
from collections.abc import Collection
from datetime import datetime
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from common.audit import NewEvent, record_event, record_events
from users.choices import Role
from users.errors import NameTaken, SignupClosed
from users.models import User
from users.policy import may_manage

from .logins import end_everything_of

# username -> (role, may enter the admin). `admin` is also superuser.
INITIAL_USERS: Final = {
    "admin": (Role.ADMIN, True),
    "analyst": (Role.ANALYST, False),
}
_PASSWORD_BYTES: Final = 12
_SIGNUP_LOCK: Final = 0x61726273_7369676E


def ensure_initial_users(*, credentials_path: Path, now: datetime) -> dict[str, str]:
    """Create the first accounts, once per installation, and keep their passwords in a private file.

    An account that exists is never touched, so a changed password stays changed; running this again adds
    nothing. The file is written before the accounts commit: a crash in between leaves a line for an account
    that the next run creates with a new password and a new line.

    Args:
        credentials_path: where the generated logins are kept; created with mode 600, lines `username
            password`.
        now: the current time, for the audit trail.

    Returns:
        The logins in the file that are accounts here, `{username: password}`; later changed passwords are
        unknown.
    """
    with transaction.atomic():
        missing = set(INITIAL_USERS) - set(
            User.objects.filter(username__in=INITIAL_USERS).values_list("username", flat=True)
        )
        known = read_credentials(credentials_path)
        known.update(
            {name: secrets.token_urlsafe(_PASSWORD_BYTES) for name in INITIAL_USERS if name in missing}
        )
        if missing:
            _write_credentials(credentials_path, known)
        for name in INITIAL_USERS:
            if name in missing:
                _create_user(name, password=known[name], now=now)
    return {name: password for name, password in known.items() if name in INITIAL_USERS}


def read_credentials(path: Path) -> dict[str, str]:
    """Return the generated logins of this installation, `{username: password}`; empty without a file."""
    if not path.exists():
        return {}
    lines = (line.split(maxsplit=1) for line in path.read_text(encoding="utf-8").splitlines())
    return {parts[0]: parts[1].strip() for parts in lines if len(parts) == 2 and not parts[0].startswith("#")}


def _write_credentials(path: Path, logins: dict[str, str]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = (
        "# Generated logins of this installation. Change the passwords in the admin, then delete this file.\n"
    )
    text += "".join(f"{name} {password}\n" for name, password in logins.items())
    draft = path.with_name(path.name + ".new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def _create_user(username: str, *, password: str, now: datetime) -> None:
    role, is_staff = INITIAL_USERS[username]
    user = User(
        username=username, role=role, is_staff=is_staff, is_superuser=role is Role.ADMIN, date_joined=now
    )
    user.set_password(password)
    user.save(force_insert=True)
    record_event(
        actor=None,
        verb="user.created",
        subject=f"user:{user.pk}",
        data={"role": role, "origin": "setup"},
        now=now,
    )


def sign_up(*, username: str, password: str, email: str = "", now: datetime) -> User:
    """Make an account for a stranger: a viewer's, whatever else they would like to be.

    Args:
        username: its form is checked by the caller; names that differ in case only are taken as the same.
        password: judged by the installation's validators.
        email: may be empty; it is not verified and lets nobody in.
        now: the current time, for the audit trail.

    Raises:
        SignupClosed: if `settings.SIGNUP_ENABLED` is off.
        NameTaken: if there is such an account.
        django.core.exceptions.ValidationError: for a weak password, under `password`.
    """
    if not settings.SIGNUP_ENABLED:
        raise SignupClosed(detail="Accounts are made by the staff of this installation.")
    user = User(username=username, email=email, role=Role.VIEWER, date_joined=now)
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise ValidationError({"password": error.error_list}) from error
    user.set_password(password)
    with transaction.atomic():
        with connection.cursor() as cursor:  # the unique index tells Bob from bob
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_SIGNUP_LOCK])
        if User.objects.filter(username__iexact=username).exists():
            raise NameTaken(detail="This name is taken.")
        user.save(force_insert=True)
        record_event(
            actor=user,
            verb="user.created",
            subject=f"user:{user.pk}",
            data={"role": user.role, "origin": "signup"},
            now=now,
        )
    return user


def set_active(users: Collection[User], *, is_active: bool, actor: User, now: datetime) -> int:
    """Switch accounts on or off; accounts the actor may not manage, and their own, are left alone.

    Returns:
        How many changed.
    """
    allowed = [user.pk for user in users if user.pk != actor.pk and may_manage(actor, user)]
    with transaction.atomic():
        changed = list(
            User.objects.select_for_update()
            .filter(pk__in=allowed, is_active=not is_active)
            .values_list("pk", flat=True)
        )
        User.objects.filter(pk__in=changed).update(is_active=is_active)
        if not is_active:  # switched on again, nobody gets an old log-in back
            end_everything_of(changed, actor=actor, now=now)
        verb = "user.activated" if is_active else "user.deactivated"
        record_events([NewEvent(verb, f"user:{pk}") for pk in changed], actor=actor, now=now)
    return len(changed)
