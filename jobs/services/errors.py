"""The bounded list of what went wrong in a job."""

from typing import Final

from jobs.models import Job

MAX_ENTRIES: Final = 50
MAX_DETAIL: Final = 300
FOLDED: Final = "more_errors"


def note_error(job: Job, code: str, detail: str, subject: str) -> None:
    """Count an error of the job and keep it in the list."""
    job.error_count += 1
    note_remark(job, code, detail, subject)


def note_remark(job: Job, code: str, detail: str, subject: str) -> None:
    """Keep an entry in the job's list, which never exceeds `MAX_ENTRIES` and one entry for the rest.

    The same code and subject is one entry. Once the list is full, an error of a code that is in it counts
    there, and any other in the last entry, `more_errors`.
    """
    entries = job.errors
    for entry in entries:
        if entry["code"] == code and entry["subject"] == subject:
            entry["count"] += 1
            return
    if len(entries) < MAX_ENTRIES:
        entries.append({"code": code, "detail": detail[:MAX_DETAIL], "subject": subject[:100], "count": 1})
        return
    kin = next((entry for entry in reversed(entries) if entry["code"] in (code, FOLDED)), None)
    if kin is None:
        kin = {"code": FOLDED, "detail": "Further errors of other kinds.", "subject": "", "count": 0}
        entries.append(kin)
    kin["count"] += 1
