"""The closed lists of the jobs app."""

from django.db import models


class JobState(models.TextChoices):
    """Life of a job: queued, running, one of four ends. `cancelling` waits for the worker to notice."""

    QUEUED = "queued", "Queued"
    RUNNING = "running", "Running"
    CANCELLING = "cancelling", "Being cancelled"
    SUCCEEDED = "succeeded", "Succeeded"
    PARTLY = "partly", "Done with errors"
    FAILED = "failed", "Failed"
    CANCELLED = "cancelled", "Cancelled"


OPEN_STATES = (JobState.QUEUED, JobState.RUNNING, JobState.CANCELLING)
FINAL_STATES = (JobState.SUCCEEDED, JobState.PARTLY, JobState.FAILED, JobState.CANCELLED)
