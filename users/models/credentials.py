"""What lets somebody in besides a staff session: API keys and the log-ins behind token cookies."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from common.ids import uuid7
from users.choices import Role, Scope


class ApiKey(models.Model):
    """A key for programs. The secret is shown once; only its SHA-256 is kept (it has 256 random bits)."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(max_length=80)
    prefix = models.CharField(max_length=12, unique=True, help_text="First characters, to recognise it.")
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = ArrayField(models.CharField(max_length=10, choices=Scope), default=list)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "api_keys"
        verbose_name = "API key"

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    def has_scope(self, scope: str) -> bool:
        """Return whether one of this key's scopes is `scope` or includes it."""
        wanted = Scope(scope)
        return any(Scope(held).includes(wanted) for held in self.scopes)

    def permits(self, role: str, *, is_safe: bool) -> bool:
        """Return whether the scopes cover a call that needs `role` (empty: no role is stated for it)."""
        if self.has_scope(Scope.OPS):
            return True
        if is_safe:
            return self.has_scope(Scope.READ)
        return bool(role) and Role.TRADER.includes(Role(role)) and self.has_scope(Scope.TRADE)


class TokenLogin(models.Model):
    """One log-in with token cookies: a family of refresh tokens of which only the newest is good.

    An older one that turns up again was stolen (or replayed): the whole family is revoked.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="token_logins")
    current_jti = models.CharField(max_length=64)
    previous_jti = models.CharField(max_length=64, blank=True)
    rotated_at = models.DateTimeField()
    user_agent = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_reason = models.CharField(max_length=40, blank=True)

    class Meta:
        db_table = "token_logins"
        verbose_name = "log-in"
        indexes = [models.Index(fields=["expires_at"], name="token_logins_expiry")]

    def __str__(self) -> str:
        return f"{self.user_id} {self.created_at:%Y-%m-%d %H:%M}"
