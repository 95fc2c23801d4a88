"""The audit trail: events that can only be added, chained by hashes the database itself computes.

The database triggers of migration 0002 do the sealing; see `common.audit` for how streams, heads and hashes
work.
"""

from django.db import models

from common.ids import uuid7


class AuditEvent(models.Model):
    """One state change: who did what to which subject. Rows cannot be changed, deleted or truncated."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    stream = models.CharField(max_length=64, editable=False)
    seq = models.BigIntegerField(editable=False)
    verb = models.CharField(max_length=64)
    subject = models.CharField(max_length=120)
    actor_id = models.UUIDField(null=True, blank=True)
    data = models.JSONField(default=dict, blank=True)
    request_id = models.CharField(max_length=64, blank=True, default="")
    recorded_at = models.DateTimeField()
    previous_hash = models.BinaryField(max_length=32, editable=False)
    hash = models.BinaryField(max_length=32, editable=False)

    class Meta:
        db_table = "audit_events"
        verbose_name = "audit event"
        constraints = [
            models.UniqueConstraint(fields=["stream", "seq"], name="audit_event_stream_seq_unique")
        ]
        indexes = [
            models.Index(fields=["subject", "-recorded_at"], name="audit_event_subject_idx"),
            models.Index(
                fields=["actor_id", "-recorded_at"],
                name="audit_event_actor_idx",
                condition=models.Q(actor_id__isnull=False),
            ),
            models.Index(fields=["-recorded_at", "-id"], name="audit_event_recorded_idx"),
        ]

    def __str__(self) -> str:
        return f"{self.verb} {self.subject}"


class AuditHead(models.Model):
    """The last link of one stream: its length and last hash, moved by the sealing trigger alone."""

    stream = models.CharField(primary_key=True, max_length=64)
    seq = models.BigIntegerField()
    hash = models.BinaryField(max_length=32)

    class Meta:
        db_table = "audit_heads"
        verbose_name = "audit head"

    def __str__(self) -> str:
        return f"{self.stream}#{self.seq}"


class AuditVerification(models.Model):
    """One finished check of all chains; the newest row is what the metrics show."""

    verified_at = models.DateTimeField()
    event_count = models.BigIntegerField()
    stream_count = models.IntegerField()
    break_count = models.IntegerField()
    duration_ms = models.IntegerField()
    anchor_digest = models.CharField(max_length=64)

    class Meta:
        db_table = "audit_verifications"
        verbose_name = "audit verification"
        indexes = [models.Index(fields=["-verified_at"], name="audit_verification_time_idx")]

    def __str__(self) -> str:
        return f"{self.verified_at:%Y-%m-%d %H:%M} {self.break_count} breaks"
