"""R002's analysis tasks. Each is safe to run twice: rows are unique, and alerts know their opening."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from celery import Task, shared_task
from django.db import OperationalError

from common.clock import utc_now
from jobs.errors import JobEnded
from opportunities.backtest import RUN_TASK, run_backtest_slice
from opportunities.errors import AlertNotDelivered, AnalysisBusy
from opportunities.services import analyze_products, expire_overdue, remove_old
from opportunities.services.alerts import send_alert

RETRIES: Final[dict[str, Any]] = {
    "autoretry_for": (OperationalError,),
    "max_retries": 3,
    "retry_backoff": 10,
    "retry_backoff_max": 300,
    "retry_jitter": True,
}
BUSY_SECONDS: Final = 60
BUSY_RETRIES: Final = 10


@shared_task(
    bind=True, name="opportunities.analyze_product_arbitrage",
    soft_time_limit=120, time_limit=150, **RETRIES,
)  # fmt: skip
def analyze_product_arbitrage(self: Task[Any, Any], *, product_id: str, **_ignored: Any) -> dict[str, Any]:
    """Analyse one sealed product on every route. Waits its turn while another analysis runs."""
    try:
        report = analyze_products(product_ids=[UUID(product_id)], now=utc_now())
    except AnalysisBusy as busy:
        raise self.retry(exc=busy, countdown=BUSY_SECONDS, max_retries=BUSY_RETRIES) from busy
    return report.as_data()


@shared_task(
    bind=True, name="opportunities.analyze_all_products",
    soft_time_limit=300, time_limit=330, **RETRIES,
)  # fmt: skip
def analyze_all_products(self: Task[Any, Any], **_ignored: Any) -> dict[str, Any]:
    """Analyse all sealed products on every route. Waits its turn while another analysis runs."""
    try:
        report = analyze_products(now=utc_now())
    except AnalysisBusy as busy:
        raise self.retry(exc=busy, countdown=BUSY_SECONDS, max_retries=BUSY_RETRIES) from busy
    return report.as_data()


@shared_task(
    name="opportunities.cleanup_expired_opportunities",
    soft_time_limit=120, time_limit=150, **RETRIES,
)  # fmt: skip
def cleanup_expired_opportunities(**_ignored: Any) -> dict[str, int]:
    """Expire opportunities whose end has come, and remove those that expired long ago."""
    now = utc_now()
    return {"expired": expire_overdue(now=now), "removed": remove_old(now=now)}


@shared_task(
    name="opportunities.send_opportunity_alert", soft_time_limit=60, time_limit=90,
    **{**RETRIES, "autoretry_for": (OperationalError, AlertNotDelivered), "max_retries": 5},
)  # fmt: skip
def send_opportunity_alert(*, opportunity_id: str, opened_at: str, **_ignored: Any) -> str:
    """Send the alert of one opening of an opportunity; a repeated delivery sends nothing."""
    return send_alert(
        opportunity_id=UUID(opportunity_id), opened_at=datetime.fromisoformat(opened_at), now=utc_now()
    )


@shared_task(name=RUN_TASK, soft_time_limit=400, time_limit=440)
def run_backtest_job(*, job_id: str, **_ignored: Any) -> dict[str, str]:
    """Replay a slice of a back-test; a killed one goes on after the last day that was stored."""
    try:
        return {"job_id": job_id, "state": run_backtest_slice(job_id, now=utc_now())}
    except JobEnded:
        return {"job_id": job_id, "state": "ended"}
