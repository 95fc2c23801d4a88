"""Tasks of the trading app. Each is safe to run twice."""

from typing import Any, Final
from uuid import UUID

from celery import shared_task
from django.db import OperationalError

from common.clock import utc_now
from trading.services import announce_execution as announce
from trading.services import settle_due as settle
from trading.services.spreads import resume_spread as resume
from trading.services.spreads import resume_spreads as resume_all

RETRIES: Final[dict[str, Any]] = {
    "autoretry_for": (OperationalError,),
    "max_retries": 3,
    "retry_backoff": 10,
    "retry_backoff_max": 300,
    "retry_jitter": True,
}


@shared_task(name="trading.settle_due", soft_time_limit=240, time_limit=270, **RETRIES)
def settle_due(**_ignored: Any) -> dict[str, int]:
    """Sell for every execution whose time has come."""
    return settle(now=utc_now()).as_data()


@shared_task(name="trading.announce_execution", soft_time_limit=30, time_limit=60, **RETRIES)
def announce_execution(*, execution_id: str, what: str, **_ignored: Any) -> bool:
    """Put a line behind the bell of whoever acted; a repeated delivery adds nothing."""
    return announce(execution_id=UUID(execution_id), what=what, now=utc_now())


@shared_task(name="trading.resume_spread", soft_time_limit=120, time_limit=150, **RETRIES)
def resume_spread(*, execution_id: str, **_ignored: Any) -> str | None:
    """Drive one spread on if nobody else does; a repeated delivery finds it held, or final."""
    execution = resume(execution_id=UUID(execution_id))
    return None if execution is None else str(execution.state)


@shared_task(name="trading.resume_spreads", soft_time_limit=240, time_limit=270, **RETRIES)
def resume_spreads(**_ignored: Any) -> int:
    """Take over the spreads that are due: whose process died, or whose venue is to be asked again."""
    return resume_all()
