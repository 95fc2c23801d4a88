"""What people write on an opportunity: notes, and that its figures were reviewed."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from common.audit import record_event
from common.versions import Expected, check_version
from opportunities.choices import OpportunityStatus
from opportunities.errors import OpportunityClosed, OpportunityNotFound
from opportunities.models import Opportunity
from users.models import User

from .revisions import announce, write_quotes
from .storing import ask_for_alert

CHANGEABLE: Final = frozenset({"execution_notes", "needs_review"})


def change_opportunity(
    *, opportunity_id: UUID, changes: Mapping[str, Any], expected: Expected, actor: User, now: datetime
) -> Opportunity:
    """Write notes, or say that the figures were reviewed and found right; what stays the same is not written.

    A reviewed opportunity is listed and alerted like any other until its margin grows a tenth beyond what was
    reviewed.

    Args:
        opportunity_id: which opportunity; notes may be written on closed ones too.
        changes: of `execution_notes` (at most 500 characters) and `needs_review` (only False).
        expected: revisions the caller accepts to change.
        actor: who does it.
        now: when.

    Raises:
        OpportunityNotFound: if there is none.
        PreconditionFailed: if it is at another revision.
        OpportunityClosed: if a closed one would be reviewed.
        ValueError: for anything else among the changes.
    """
    if set(changes) - CHANGEABLE or changes.get("needs_review"):
        raise ValueError(f"not changeable: {', '.join(sorted(changes))}")
    with transaction.atomic():
        row = Opportunity.objects.select_for_update().filter(pk=opportunity_id).first()
        if row is None:
            raise OpportunityNotFound(details={"id": str(opportunity_id)})
        check_version(row.revision, expected)
        changed = [name for name, value in changes.items() if getattr(row, name) != value]
        if not changed:
            return row
        for name in changed:
            setattr(row, name, changes[name])
        if "needs_review" in changed:
            _review(row)
        row.revision += 1
        row.save(update_fields=[*changed, "reviewed_margin", "revision", "updated_at"])
        write_quotes([row], now=now)
        announce(row, "updated")
        _record(row, changed, actor, now)
    return row


def _review(row: Opportunity) -> None:
    if row.status != OpportunityStatus.ACTIVE:
        raise OpportunityClosed(
            detail=f"This opportunity is {row.get_status_display().lower()} already.",
            details={"id": str(row.pk), "status": row.status},
        )
    row.reviewed_margin = row.margin_percentage
    ask_for_alert(row)


def _record(row: Opportunity, changed: list[str], actor: User, now: datetime) -> None:
    """Record what was changed; notes are a person's words and stay out of the trail."""
    verb = "opportunity.reviewed" if "needs_review" in changed else "opportunity.annotated"
    data = {"fields": sorted(changed), "revision": row.revision}
    if "needs_review" in changed:
        data["margin_percentage"] = str(row.margin_percentage)
    record_event(actor=actor, verb=verb, subject=f"opportunity:{row.pk}", data=data, now=now)
