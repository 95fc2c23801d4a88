"""A person's judgement of a doubt."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from common.audit import record_event
from opportunities.choices import FindingState
from opportunities.errors import FindingNotFound, FindingNotJudgeable
from opportunities.models import ContentsFinding
from users.models import User


def finding_list() -> QuerySet[ContentsFinding]:
    """Return doubts with their products, the newest first."""
    return ContentsFinding.objects.select_related("product", "other_product").order_by("-first_seen_at", "id")


def judge_finding(
    finding_id: UUID, *, state: str, reason: str, actor: User, now: datetime
) -> ContentsFinding:
    """Accept a doubt as right, or open an accepted one again, and record who did and why.

    An accepted doubt stays accepted however often it is found. Judging it the same way again changes nothing.

    Args:
        finding_id: which one.
        state: accepted or open.
        reason: why, at most 200 characters; needed for accepting.
        actor: who judges.
        now: when.

    Raises:
        FindingNotFound: if there is none of that id.
        FindingNotJudgeable: if it is resolved already, or no reason is given for accepting.
    """
    if state not in (FindingState.ACCEPTED, FindingState.OPEN):
        raise FindingNotJudgeable(detail="A doubt is either accepted or open; the audit resolves it.")
    reason = reason.strip()[:200]
    if state == FindingState.ACCEPTED and not reason:
        raise FindingNotJudgeable(detail="Say why the contents are right.")
    with transaction.atomic():
        finding = ContentsFinding.objects.select_for_update().filter(pk=finding_id).first()
        if finding is None:
            raise FindingNotFound
        if finding.state == FindingState.RESOLVED:
            raise FindingNotJudgeable(detail="It is resolved: the last audit did not find it again.")
        if (finding.state, finding.judged_reason) == (state, reason):
            return finding
        finding.state, finding.judged_reason = state, reason
        finding.closed_at = now if state == FindingState.ACCEPTED else None
        finding.save(update_fields=["state", "judged_reason", "closed_at"])
        record_event(
            actor=actor,
            verb="contents.finding_judged",
            subject=f"contents_finding:{finding.pk}",
            data={
                "state": state,
                "check": finding.check_code,
                "product": str(finding.product_id),
                "reason": reason,
            },
            now=now,
        )
    return finding
