"""Background upkeep: relay and reconcile the outbox, verify the audit chains, forget old rows."""

from typing import Any

import structlog
from celery import shared_task

from common.audit import current_anchor, verify_chains
from common.clock import utc_now
from common.outbox.relay import reconcile_messages, relay_messages
from common.outbox.upkeep import purge_finished

logger = structlog.get_logger(__name__)


@shared_task(name="common.relay_outbox", soft_time_limit=50, time_limit=60, expires=60)
def relay_outbox(**_: Any) -> None:
    """Publish waiting outbox messages."""
    relay_messages()


@shared_task(name="common.reconcile_outbox", soft_time_limit=50, time_limit=60, expires=60)
def reconcile_outbox(**_: Any) -> None:
    """Take back unconfirmed messages and publish them again."""
    reconcile_messages()
    relay_messages()


@shared_task(name="common.verify_audit", soft_time_limit=300, time_limit=330)
def verify_audit(**_: Any) -> None:
    """Verify every audit chain and put the heads' digest into the log, which is kept outside the database."""
    report = verify_chains(now=utc_now())
    anchor = current_anchor()
    logger.info("audit.verified", events=report.events, breaks=len(report.breaks), anchor=anchor.digest)
    if not report.is_intact:
        logger.error(
            "audit.broken", breaks=[f"{item.stream}#{item.seq}:{item.reason}" for item in report.breaks[:20]]
        )


@shared_task(name="common.purge_finished", soft_time_limit=300, time_limit=330)
def purge_finished_rows(**_: Any) -> None:
    """Forget finished outbox messages and old idempotency answers."""
    logger.info("common.purged", **purge_finished(now=utc_now()))
