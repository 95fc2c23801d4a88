"""Telling the operator about new opportunities: once per opening, through the channels of ALERT_URLS."""

from datetime import datetime
from uuid import UUID

import apprise
import structlog
from django.conf import settings
from django.db import transaction

from common.audit import record_event
from opportunities.alerts.texts import alert_text
from opportunities.choices import OpportunityStatus
from opportunities.errors import AlertNotDelivered
from opportunities.models import Opportunity

logger = structlog.get_logger(__name__)

DELIVERED, RECORDED, OUTDATED, ALREADY_DONE = "delivered", "recorded", "outdated", "already_done"


def send_alert(*, opportunity_id: UUID, opened_at: datetime, now: datetime) -> str:
    """Send the alert of one opening of an opportunity.

    The row is locked while the channels are called (each has its own timeout of a few seconds), so that two
    deliveries of one request send one alert. Without channels it is recorded that there was nobody to tell.

    Args:
        opportunity_id: which opportunity.
        opened_at: which of its openings.
        now: time of the alert.

    Returns:
        `delivered`, `recorded` (no channels), `outdated` (closed, reopened or under review since) or
        `already_done`.

    Raises:
        AlertNotDelivered: if a channel failed; nothing is recorded and it can be tried again.
    """
    with transaction.atomic():
        row = (
            Opportunity.objects.select_for_update(of=("self",))
            .select_related("sealed_product", "buy_source")
            .filter(pk=opportunity_id)
            .first()
        )
        if (
            row is None
            or row.opened_at != opened_at
            or row.status != OpportunityStatus.ACTIVE
            or row.needs_review
        ):
            return OUTDATED
        if row.alerted_at is not None and row.alerted_at >= row.opened_at:
            return ALREADY_DONE
        channels = len(settings.ALERT_URLS)
        if channels:
            _notify(row)
        row.alerted_at = now
        row.save(update_fields=["alerted_at"])
        record_event(
            actor=None,
            verb="opportunity.alerted",
            subject=f"opportunity:{row.pk}",
            data={"opened_at": opened_at.isoformat(), "channels": channels},
            now=now,
        )
    outcome = DELIVERED if channels else RECORDED
    logger.info("opportunity.alerted", opportunity_id=str(opportunity_id), outcome=outcome, channels=channels)
    return outcome


def _notify(row: Opportunity) -> None:
    channels = apprise.Apprise()
    for url in settings.ALERT_URLS:
        if not channels.add(url):
            raise AlertNotDelivered(detail="An address in ALERT_URLS is not understood.")
    title, body = alert_text(row)
    if not channels.notify(title=title, body=body):
        raise AlertNotDelivered(detail="A notification channel did not take the alert.")
