"""Who uses the product, and the role that says what they may do."""

import zoneinfo

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.crypto import salted_hmac

from common.ids import uuid7
from users.choices import Density, Role, Theme


def validate_time_zone(name: str) -> None:
    """Refuse a name that is not an IANA time zone.

    Raises:
        ValidationError: with code `unknown_time_zone`.
    """
    if name not in zoneinfo.available_timezones():
        raise ValidationError("“%(name)s” is not an IANA time zone.", "unknown_time_zone", {"name": name})


class User(AbstractUser):
    """A person. The role is the unit of permission; groups refine it where an organisation needs more."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    role = models.CharField(max_length=10, choices=Role, default=Role.VIEWER)
    time_zone = models.CharField(max_length=40, default="UTC", validators=[validate_time_zone])
    currency = models.CharField(
        max_length=3, blank=True, help_text="Amounts are also shown in it where a rate is known; empty: no."
    )
    theme = models.CharField(max_length=10, choices=Theme, default=Theme.SYSTEM)
    density = models.CharField(max_length=12, choices=Density, default=Density.COMFORTABLE)
    fee_profile = models.JSONField(
        default=dict, blank=True, help_text="Own assumptions of the calculator: decimals as strings."
    )
    tokens_valid_from = models.DateTimeField(
        null=True, blank=True, help_text="Access tokens issued earlier are refused: forced log-out."
    )

    class Meta:
        db_table = "users"
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="user_role_valid")
        ]

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Return what sessions and tokens are bound to: they end with the password and at a forced log-out.

        Both of Django's public methods (the current and the former secret keys) come through here.
        """
        if self.tokens_valid_from is None:
            plain: str = super()._get_session_auth_hash(secret)  # type: ignore[misc]  # missing in the stubs
            return plain
        bound = f"{self.password}\n{self.tokens_valid_from.timestamp():.6f}"
        return salted_hmac("users.User.session", bound, secret=secret, algorithm="sha256").hexdigest()

    @property
    def effective_role(self) -> Role:
        """The role that counts: a superuser is an administrator whatever the column says."""
        return Role.ADMIN if self.is_superuser else Role(self.role)

    def has_role(self, role: str) -> bool:
        """Return whether this user's role includes `role`; an inactive user has none."""
        return self.is_active and self.effective_role.includes(Role(role))
