"""The contents audit: doubts about what sealed products are said to hold, each with a reason, for staff."""

from .findings import Finding
from .judging import finding_list, judge_finding
from .running import AUDIT_TASK, AuditReport, find_doubts, run_contents_audit

__all__ = [
    "AUDIT_TASK",
    "AuditReport",
    "Finding",
    "find_doubts",
    "finding_list",
    "judge_finding",
    "run_contents_audit",
]
