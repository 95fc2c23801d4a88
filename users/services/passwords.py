"""A change of one's own password."""

from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from common.audit import record_event
from users.errors import WrongPassword
from users.models import TokenLogin, User

from .logins import REVOKED, end_logins_of


def change_password(
    user: User, *, current: str, new: str, keep: TokenLogin | None = None, now: datetime
) -> User:
    """Change the password of somebody who knows the current one; every other log-in of theirs ends.

    Sessions and tokens are bound to the password, so the one the call came with must be renewed by the
    caller. API keys stay.

    Args:
        user: whose password.
        current: asked again as a proof: an unattended browser is not its user.
        new: judged by the installation's validators.
        keep: the token log-in the call came with, if any.
        now: the current time.

    Returns:
        The user with the new password.

    Raises:
        WrongPassword: if `current` is wrong.
        django.core.exceptions.ValidationError: for a weak or unchanged password, under `new`.
    """
    if not user.check_password(current):
        raise WrongPassword(detail="The current password is wrong.")
    try:
        validate_password(new, user)
    except ValidationError as error:
        raise ValidationError({"new": error.error_list}) from error
    if new == current:
        raise ValidationError({"new": ValidationError("This is the current password.", "unchanged")})
    with transaction.atomic():
        row = User.objects.select_for_update().get(pk=user.pk)
        if row.password != user.password:  # changed by another call since it was checked
            raise WrongPassword(detail="The current password is wrong.")
        row.set_password(new)
        row.save(update_fields=["password"])
        record_event(
            actor=row, verb="user.password_changed", subject=f"user:{row.pk}", data={"own": True}, now=now
        )
        end_logins_of([row.pk], reason=REVOKED, actor=row, keep=keep, now=now)
    return row
