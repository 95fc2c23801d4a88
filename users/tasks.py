"""Background upkeep of the users app."""

from typing import Any

import structlog
from celery import shared_task

from common.clock import utc_now
from users.services import purge_expired

logger = structlog.get_logger(__name__)


@shared_task(name="users.purge_expired", soft_time_limit=300, time_limit=330)
def purge_expired_logins(**_: Any) -> None:
    """Forget log-ins and sessions that ended long ago. Run twice, it finds nothing."""
    logger.info("users.purged", **purge_expired(now=utc_now()))
