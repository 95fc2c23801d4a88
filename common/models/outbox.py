"""The transactional outbox: work that must happen because a transaction committed."""

from django.db import models
from django.db.models.functions import Now

from common.ids import uuid7


class OutboxMessage(models.Model):
    """One background task to run, written in the transaction that makes it necessary.

    Life: waiting (`published_at` empty) -> published -> done, or parked after too many attempts. `attempts`
        counts
    runs that started; `leased_until` is when a started run is given up on.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    task = models.CharField(max_length=120)
    kwargs = models.JSONField(default=dict, blank=True)
    queue = models.CharField(max_length=40)
    key = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001 - NULL = no key; unique ignores it
    request_id = models.CharField(max_length=64, blank=True, default="", editable=False)
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    due_at = models.DateTimeField(db_default=Now())
    published_at = models.DateTimeField(null=True, blank=True)
    publish_count = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    leased_until = models.DateTimeField(null=True, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    parked_at = models.DateTimeField(null=True, blank=True)
    last_error = models.CharField(max_length=500, blank=True, default="")

    class Meta:
        db_table = "outbox_messages"
        verbose_name = "outbox message"
        constraints = [models.UniqueConstraint(fields=["key"], name="outbox_message_key_unique")]
        indexes = [
            models.Index(
                fields=["due_at", "id"],
                name="outbox_message_waiting_idx",
                condition=models.Q(published_at__isnull=True, done_at__isnull=True, parked_at__isnull=True),
            ),
            models.Index(
                fields=["published_at"],
                name="outbox_message_unconfirmed_idx",
                condition=models.Q(published_at__isnull=False, done_at__isnull=True, parked_at__isnull=True),
            ),
            models.Index(
                fields=["done_at"], name="outbox_message_done_idx", condition=models.Q(done_at__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task} {self.id}"
