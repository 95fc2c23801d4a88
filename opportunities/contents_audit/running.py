"""The audit itself: run every check, keep what is known, resolve what is no longer found."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import structlog
from django.db import connection, transaction

from common.audit import record_event
from common.ids import uuid7
from opportunities.choices import ContentsCheck, FindingState
from opportunities.models import ContentsFinding

from .findings import Finding
from .graph import load_audit_graph
from .parity import dearer_than_case, load_audit_prices, pack_parity
from .structure import odd_count, same_contents, wrong_child

logger = structlog.get_logger(__name__)

AUDIT_TASK: Final = "opportunities.audit_contents"
_LOCK: Final = "opportunities.contents_audit"
_BATCH: Final = 500
_MAX_REASON: Final = 500


@dataclass(slots=True)
class AuditReport:
    """What an audit did.

    Args:
        products: sealed products looked at.
        found: doubts by check.
        opened: doubts that are new or came back.
        resolved: doubts that were open and are no longer found.
        accepted: doubts found again that a person has accepted.
    """

    products: int = 0
    found: Counter[str] = field(default_factory=Counter)
    opened: int = 0
    resolved: int = 0
    accepted: int = 0

    def as_data(self) -> dict[str, Any]:
        """Return the report as JSON."""
        checks = {str(check): self.found[str(check)] for check in ContentsCheck}
        return {
            "products": self.products,
            "found": checks,
            "opened": self.opened,
            "resolved": self.resolved,
            "accepted": self.accepted,
        }


def find_doubts() -> tuple[int, list[Finding]]:
    """Run every check on the current contents and prices, read-only.

    Returns:
        How many products were looked at, and the doubts, each once.
    """
    graph = load_audit_graph()
    prices = load_audit_prices(graph)
    doubts: dict[tuple[str, UUID, UUID | None], Finding] = {}
    for finding in (
        *same_contents(graph),
        *wrong_child(graph),
        *odd_count(graph),
        *dearer_than_case(graph, prices),
        *pack_parity(graph, prices),
    ):
        doubts.setdefault(finding.key, finding)
    return len(graph.products), list(doubts.values())


def run_contents_audit(*, now: datetime) -> AuditReport:
    """Audit the contents of all sealed products and write what was found; safe to repeat.

    A doubt that is found again keeps its row, and what a person accepted stays accepted. One that is no
    longer found is resolved; one that comes back is open again.

    Args:
        now: time of the audit.
    """
    products, doubts = find_doubts()
    report = AuditReport(products=products, found=Counter(str(finding.check) for finding in doubts))
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [_LOCK])
        known = {
            (row.check_code, row.product_id, row.other_product_id): row
            for row in ContentsFinding.objects.select_for_update()
        }
        _store(doubts, known, report, now)
        _resolve([row for key, row in known.items() if key not in {d.key for d in doubts}], report, now)
        record_event(
            actor=None, verb="contents.audited", subject="contents_audit:all", data=report.as_data(), now=now
        )
    logger.info("contents.audited", **report.as_data())
    return report


def _store(
    doubts: list[Finding],
    known: dict[tuple[str, UUID, UUID | None], ContentsFinding],
    report: AuditReport,
    now: datetime,
) -> None:
    new, seen = [], []
    for doubt in doubts:
        row = known.get(doubt.key)
        if row is None:
            new.append(_row(doubt, now))
            continue
        if row.state == FindingState.RESOLVED:
            row.state, row.closed_at = FindingState.OPEN, None
            report.opened += 1
        report.accepted += row.state == FindingState.ACCEPTED
        row.reason, row.details, row.last_seen_at = doubt.reason[:_MAX_REASON], dict(doubt.details), now
        seen.append(row)
    report.opened += len(new)
    ContentsFinding.objects.bulk_create(new, batch_size=_BATCH)
    columns = ["reason", "details", "state", "closed_at", "last_seen_at"]
    ContentsFinding.objects.bulk_update(seen, columns, batch_size=_BATCH)


def _row(doubt: Finding, now: datetime) -> ContentsFinding:
    return ContentsFinding(
        id=uuid7(),
        check_code=doubt.check,
        product_id=doubt.product,
        other_product_id=doubt.other,
        reason=doubt.reason[:_MAX_REASON],
        details=dict(doubt.details),
        first_seen_at=now,
        last_seen_at=now,
    )


def _resolve(gone: list[ContentsFinding], report: AuditReport, now: datetime) -> None:
    resolved = [row for row in gone if row.state == FindingState.OPEN]
    for row in resolved:
        row.state, row.closed_at = FindingState.RESOLVED, now
    ContentsFinding.objects.bulk_update(resolved, ["state", "closed_at"], batch_size=_BATCH)
    report.resolved = len(resolved)
