"""What the jobs app refuses, and how a job's work is told to stop."""

from common.errors import DomainError, NotFound


class JobNotFound(NotFound):
    """No job of that id."""

    default_code = "job_not_found"


class JobBusy(DomainError):
    """Another worker is at this job; the message is to be delivered again later."""

    default_code = "job_busy"
    retryable = True


class JobEnded(DomainError):
    """The job has ended: nothing is left to run or to cancel."""

    default_code = "job_ended"


class JobNotRetryable(DomainError):
    """Only a job that ended without full success can be tried again."""

    default_code = "job_not_retryable"


class JobCancelled(DomainError):
    """Somebody asked for an end; raised inside the work by `JobRun.check`."""

    default_code = "job_cancelled"
