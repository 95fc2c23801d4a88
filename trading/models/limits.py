"""What may be at stake at once, and the switch that stops everything."""

from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from catalog.models import Venue
from common.ids import uuid7
from pricing.models import PriceSource
from trading.choices import KillScope, LimitPeriod, LimitScope


class ExposureLimit(models.Model):
    """The most that may be spent within a scope and a period, in one currency.

    `subject` names one user or source; empty applies to each of them separately.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    scope = models.CharField(max_length=10, choices=LimitScope)
    subject = models.CharField(
        max_length=64, blank=True, help_text="Username, or code of a source or venue; empty: each."
    )
    period = models.CharField(max_length=10, choices=LimitPeriod)
    currency = models.CharField(max_length=12, help_text="Currency, or asset that prices are in.")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    is_active = models.BooleanField(default=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "exposure_limits"
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "subject", "period", "currency"], name="exposure_limits_unique"
            ),
            models.CheckConstraint(
                condition=Q(amount__gte=0, amount__lte=10**11), name="exposure_limits_amount_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.subject} {self.amount} {self.currency} {self.period}"

    def clean(self) -> None:
        """Refuse a limit that could never hold: of nobody, or of everybody by name."""
        named: dict[str, tuple[models.QuerySet[Any], ...]] = {
            LimitScope.USER: (get_user_model()._default_manager.filter(username=self.subject),),
            LimitScope.SOURCE: (
                PriceSource.objects.filter(code=self.subject),
                Venue.objects.filter(code=self.subject),
            ),
        }
        if self.subject and not any(rows.exists() for rows in named.get(self.scope, ())):
            raise ValidationError("The subject must be a user or source there is; empty means each of them.")


class ExposureUse(models.Model):
    """How much of a limit is taken, per subject and day. Changed only by conditional update."""

    id = models.BigAutoField(primary_key=True)
    limit = models.ForeignKey(ExposureLimit, on_delete=models.CASCADE, related_name="uses", db_index=False)
    subject = models.CharField(max_length=64, blank=True)
    day = models.DateField(null=True, blank=True, help_text="Empty for the period “not settled yet”.")
    used = models.DecimalField(max_digits=14, decimal_places=2, default=0)
    ceiling = models.DecimalField(max_digits=14, decimal_places=2, help_text="The limit when last used.")

    class Meta:
        db_table = "exposure_uses"
        constraints = [
            models.UniqueConstraint(
                fields=["limit", "subject", "day"], name="exposure_uses_unique", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(used__gte=0), name="exposure_uses_not_negative"),
            models.CheckConstraint(condition=Q(used__lte=F("ceiling")), name="exposure_uses_below_ceiling"),
        ]

    def __str__(self) -> str:
        return f"{self.used} of {self.ceiling}"


class ExposureReservation(models.Model):
    """What one execution, of either kind, takes of one limit; given back once, when it ends."""

    id = models.BigAutoField(primary_key=True)
    execution = models.ForeignKey(
        "trading.Execution",
        on_delete=models.CASCADE,
        related_name="reservations",
        db_index=False,
        null=True,
        blank=True,
    )
    spread_execution = models.ForeignKey(
        "trading.SpreadExecution",
        on_delete=models.CASCADE,
        related_name="reservations",
        db_index=False,
        null=True,
        blank=True,
    )
    use = models.ForeignKey(ExposureUse, on_delete=models.CASCADE, related_name="reservations")
    amount = models.DecimalField(max_digits=14, decimal_places=2)
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "exposure_reservations"
        constraints = [
            models.UniqueConstraint(fields=["execution", "use"], name="exposure_reservations_unique"),
            models.UniqueConstraint(
                fields=["spread_execution", "use"], name="exposure_reservations_unique_spread"
            ),
            models.CheckConstraint(
                condition=Q(execution__isnull=True) ^ Q(spread_execution__isnull=True),
                name="exposure_reservations_one_execution",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.amount} for {self.execution_id or self.spread_execution_id}"


class KillSwitch(models.Model):
    """One engagement of the kill switch. One person engages it; releasing takes two different people."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    scope = models.CharField(max_length=10, choices=KillScope)
    subject = models.CharField(max_length=64, blank=True, help_text="Username, or code of a source or venue.")
    reason = models.CharField(max_length=200)
    engaged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    engaged_at = models.DateTimeField()
    release_asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    release_asked_at = models.DateTimeField(null=True, blank=True)
    released_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    released_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "kill_switches"
        verbose_name_plural = "kill switches"
        constraints = [
            models.UniqueConstraint(
                fields=["scope", "subject"],
                condition=Q(released_at__isnull=True),
                name="kill_switches_one_engaged",
            ),
            models.CheckConstraint(
                condition=Q(released_by__isnull=True) | ~Q(released_by=F("release_asked_by")),
                name="kill_switches_two_people",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.scope} {self.subject}"
