"""Everything that writes jobs: asking for them, running them slice by slice, ending them."""

from .locking import lock_subject
from .requesting import begin_job, cancel_job, request_job, retry_job
from .running import SLICE_SECONDS, JobRun, job_slice
from .upkeep import close_stale_jobs

__all__ = [
    "SLICE_SECONDS",
    "JobRun",
    "begin_job",
    "cancel_job",
    "close_stale_jobs",
    "job_slice",
    "lock_subject",
    "request_job",
    "retry_job",
]
