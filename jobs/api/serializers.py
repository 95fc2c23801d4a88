"""How a job looks over REST. Other apps answer 202 with `JobAcceptedSerializer`."""

from datetime import datetime
from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request

from jobs.choices import JobState
from jobs.models import Job

from .examples import JOB, JOB_ACCEPTED


class JobErrorSerializer(serializers.Serializer[Any]):
    """One kind of failure inside a job."""

    code = serializers.CharField()
    detail = serializers.CharField()
    subject = serializers.CharField(default="", help_text="What it was about, e.g. product:ID.")
    count = serializers.IntegerField(default=1, help_text="How often it happened.")


@extend_schema_serializer(examples=[JOB])
class JobSerializer(serializers.ModelSerializer[Job]):
    """A run of long work; needs `now` in its context."""

    state = serializers.ChoiceField(choices=JobState.choices, read_only=True)
    counts = serializers.DictField(child=serializers.IntegerField(), read_only=True)
    errors = JobErrorSerializer(many=True, read_only=True)  # type: ignore[assignment]  # named like a property
    requested_by = serializers.SerializerMethodField(
        help_text="User name; null for the schedule, and for callers who are not logged in."
    )
    eta_seconds = serializers.SerializerMethodField(
        help_text="Seconds to the end at the pace so far; null when it cannot be told."
    )

    class Meta:
        model = Job
        fields = (
            "id", "kind", "label", "subject", "state", "progress_done", "progress_total", "note", "counts",
            "errors", "error_count", "attempts", "requested_by", "is_demo", "created_at", "started_at",
            "heartbeat_at", "finished_at", "eta_seconds",
        )  # fmt: skip
        read_only_fields = fields

    def get_requested_by(self, job: Job) -> str | None:
        """Return who asked for it."""
        request: Request | None = self.context.get("request")
        if job.requested_by is None or (request is not None and not request.user.is_authenticated):
            return None
        return job.requested_by.get_username()

    def get_eta_seconds(self, job: Job) -> int | None:
        """Return the remaining time, if the pace so far tells it."""
        now: datetime = self.context["now"]
        return job_eta_seconds(job, now=now)


@extend_schema_serializer(examples=[JOB_ACCEPTED])
class JobAcceptedSerializer(serializers.Serializer[Any]):
    """The answer of every call that starts long work."""

    job = JobSerializer()


def job_eta_seconds(job: Job, *, now: datetime) -> int | None:
    """Extrapolate the time to the end of a running job from its progress.

    Returns:
        Whole seconds, or None unless it runs, knows its total and has done a part of it.
    """
    if job.state != JobState.RUNNING or job.started_at is None:
        return None
    if not 0 < job.progress_done <= job.progress_total:
        return None
    elapsed = max(0.0, (now - job.started_at).total_seconds())
    return round(elapsed * (job.progress_total - job.progress_done) / job.progress_done)
