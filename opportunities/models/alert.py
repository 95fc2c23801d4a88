"""Who is told what, where and when: alert rules, channels, deliveries, and the bell in the dashboard."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models

from common.ids import uuid7
from opportunities.choices import ChannelState, DeliveryState, NotificationKind, RuleScope


class AlertChannel(models.Model):
    """Where alerts of one user go, besides the bell: an apprise URL, encrypted at rest.

    `url` holds ciphertext (`common.secrets`); `url_hint` is what may be shown: scheme and host.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="channels")
    name = models.CharField(max_length=80)
    url = models.TextField()
    url_hint = models.CharField(max_length=120)
    is_muted = models.BooleanField(default=False)
    state = models.CharField(max_length=20, choices=ChannelState, default=ChannelState.UNTESTED)
    last_error = models.CharField(max_length=200, blank=True)
    last_delivered_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "alert_channels"
        constraints = [models.UniqueConstraint(fields=["user", "name"], name="alert_channels_unique_name")]

    def __str__(self) -> str:
        return self.name


class AlertRule(models.Model):
    """When a user wants to be told. All conditions must hold at once.

    `conditions` is a list of `{"field": …, "operator": "gte"|"lte"|"eq"|"in", "value": …}` over the numbers
    and names of the screener (`opportunities.alerts.fields`). Quiet hours are in the user's time zone; an
    alert that falls into them waits for their end. `cooldown_minutes` counts per rule and opportunity.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="alert_rules")
    name = models.CharField(max_length=80)
    scope = models.CharField(max_length=20, choices=RuleScope, default=RuleScope.ALL)
    conditions = models.JSONField(default=list)
    channels = models.ManyToManyField(AlertChannel, blank=True, related_name="rules")
    cooldown_minutes = models.PositiveIntegerField(default=240)
    quiet_from = models.TimeField(null=True, blank=True)
    quiet_until = models.TimeField(null=True, blank=True)
    is_enabled = models.BooleanField(default=True)
    snoozed_until = models.DateTimeField(null=True, blank=True)
    last_fired_at = models.DateTimeField(null=True, blank=True)
    fired_count = models.PositiveIntegerField(default=0)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        db_table = "alert_rules"
        constraints = [
            models.UniqueConstraint(fields=["user", "name"], name="alert_rules_unique_name"),
            models.CheckConstraint(
                condition=models.Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | models.Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="alert_rules_quiet_hours_pair",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class AlertFiring(models.Model):
    """What a rule knows about an opportunity that matches or has matched: the memory behind "once".

    A rule speaks when an opportunity starts to match. It stays silent while the same opening keeps matching;
    `has_stopped` says that it has not matched since, at some evaluation. `fired_at` is empty while the match
    was only taken note of (it matched already when the rule was saved, or while it was snoozed).
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    rule = models.ForeignKey(AlertRule, on_delete=models.CASCADE, related_name="firings", db_index=False)
    opportunity = models.ForeignKey(
        "opportunities.Opportunity", on_delete=models.CASCADE, related_name="alert_firings"
    )
    opened_at = models.DateTimeField(help_text="The opening it matched in.")
    fired_at = models.DateTimeField(null=True, blank=True)
    has_stopped = models.BooleanField(default=False)
    count = models.PositiveIntegerField(default=0)

    class Meta:
        db_table = "alert_firings"
        constraints = [
            models.UniqueConstraint(fields=["rule", "opportunity"], name="alert_firings_unique_pair")
        ]

    def __str__(self) -> str:
        return f"{self.rule_id} {self.opportunity_id}"


class AlertDelivery(models.Model):
    """One alert on its way to one channel. `dedupe_key` makes sure it is made once.

    Those of one rule and channel that are due at the same time travel as one message. `sending_since` is
    set while somebody sends it; `is_repeat` once a sending was cut off before its end was written down.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    rule = models.ForeignKey(
        AlertRule, on_delete=models.SET_NULL, null=True, blank=True, related_name="deliveries"
    )
    channel = models.ForeignKey(AlertChannel, on_delete=models.CASCADE, related_name="deliveries")
    opportunity = models.ForeignKey(
        "opportunities.Opportunity", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    dedupe_key = models.CharField(max_length=200, unique=True)
    title = models.CharField(max_length=200)
    body = models.TextField()
    state = models.CharField(max_length=20, choices=DeliveryState, default=DeliveryState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)
    due_at = models.DateTimeField()
    sending_since = models.DateTimeField(null=True, blank=True)
    is_repeat = models.BooleanField(default=False)
    delivered_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "alert_deliveries"
        verbose_name_plural = "alert deliveries"
        indexes = [
            models.Index(fields=["channel", "-created_at"], name="alert_deliveries_recent"),
            models.Index(
                fields=["due_at"], condition=models.Q(state="waiting"), name="alert_deliveries_waiting"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} ({self.state})"


class Notification(models.Model):
    """One line behind the bell of one user."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notifications", db_index=False
    )
    kind = models.CharField(max_length=20, choices=NotificationKind)
    title = models.CharField(max_length=200)
    body = models.CharField(max_length=500, blank=True)
    link = models.CharField(max_length=200, blank=True, help_text="Path in the dashboard, below /app.")
    dedupe_key = models.CharField(max_length=200, unique=True)
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "notifications"
        indexes = [
            models.Index(fields=["user", "-created_at", "-id"], name="notifications_recent"),
            models.Index(
                fields=["user"], condition=models.Q(read_at__isnull=True), name="notifications_unread"
            ),
        ]

    def __str__(self) -> str:
        return self.title
