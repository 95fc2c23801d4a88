"""One piece of long work. PostgreSQL is the truth about it; the broker only carries the call."""

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from common.ids import uuid7

from .choices import OPEN_STATES, JobState


class JobQuerySet(models.QuerySet["Job"]):
    """Filters of jobs."""

    def open(self) -> "JobQuerySet":
        """Keep jobs that have not ended."""
        return self.filter(state__in=OPEN_STATES)


class Job(models.Model):
    """Work that a task does in one or more slices; a killed slice goes on from what is stored.

    `counts` maps a name to a number (prices_stored, unmatched …), `errors` is a bounded list of
    {code, detail, subject, count}. `progress_total` 0 means that it is not known yet.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(max_length=60, help_text="Task name, e.g. scrapers.update_all_prices.")
    label = models.CharField(max_length=200, help_text="What it is, for people.")
    subject = models.CharField(max_length=100, blank=True, help_text="What it is about, e.g. product:ID.")
    parameters = models.JSONField(default=dict, blank=True, encoder=DjangoJSONEncoder)
    queue = models.CharField(max_length=40, default="default")
    key = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001 - NULL = no key; unique ignores it
    state = models.CharField(max_length=12, choices=JobState, default=JobState.QUEUED)
    progress_done = models.PositiveIntegerField(default=0)
    progress_total = models.PositiveIntegerField(default=0)
    note = models.CharField(max_length=200, blank=True, help_text="What it is doing now.")
    counts = models.JSONField(default=dict, blank=True)
    errors = models.JSONField(default=list, blank=True)
    checkpoint = models.JSONField(
        default=dict, blank=True, editable=False, help_text="What its next slice has to know of earlier ones."
    )
    error_count = models.PositiveIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0, help_text="Slices and retries that were started.")
    worker = models.CharField(max_length=100, blank=True)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    request_id = models.CharField(max_length=64, blank=True)
    is_demo = models.BooleanField(default=False, editable=False)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        db_table = "jobs"
        constraints = [
            models.UniqueConstraint(fields=["key"], name="jobs_key_unique"),
            models.CheckConstraint(condition=models.Q(state__in=JobState.values), name="jobs_state_valid"),
        ]
        indexes = [
            models.Index(fields=["-created_at", "id"], name="jobs_newest"),
            models.Index(fields=["kind", "-created_at"], name="jobs_kind_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.label} ({self.state})"

    @property
    def is_open(self) -> bool:
        """Whether it has not ended."""
        return self.state in OPEN_STATES
