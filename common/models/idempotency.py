"""Answers already given to requests that carried an idempotency key."""

from django.db import models
from django.db.models.functions import Now

from common.ids import uuid7


class IdempotencyKey(models.Model):
    """One keyed request and its answer, committed together with the effect it had.

    A committed row always has its answer: a request that fails leaves nothing, so that it may be tried again.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    actor_id = models.UUIDField()
    endpoint = models.CharField(max_length=120)
    key = models.CharField(max_length=255)
    request_hash = models.CharField(max_length=64)
    response_status = models.PositiveSmallIntegerField()
    response_body = models.TextField(blank=True, default="")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        db_table = "idempotency_keys"
        verbose_name = "idempotency key"
        constraints = [
            models.UniqueConstraint(fields=["actor_id", "endpoint", "key"], name="idempotency_key_unique"),
        ]
        indexes = [models.Index(fields=["created_at"], name="idempotency_key_created_idx")]

    def __str__(self) -> str:
        return f"{self.endpoint} {self.key}"
