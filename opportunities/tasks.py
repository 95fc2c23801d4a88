"""R002's analysis tasks. Each is safe to run twice: rows are unique, and alerts know their opening."""

from datetime import datetime
from typing import Any, Final
from uuid import UUID

from celery import Task, shared_task
from django.db import OperationalError

from common.clock import utc_now
from jobs.errors import JobEnded
from opportunities.backtest import RUN_TASK, run_backtest_slice
from opportunities.contents_audit import AUDIT_TASK, run_contents_audit
from opportunities.errors import AlertNotDelivered, AnalysisBusy
from opportunities.services import analyze_products, expire_overdue, remove_old
from opportunities.services.alerts import send_alert
from opportunities.services.alerts_firing import evaluate_opening
from opportunities.services.alerts_firing import evaluate_rules as evaluate_all_rules
from opportunities.services.alerts_sending import DeliveryBusy, give_up_lost, send_due
from opportunities.services.alerts_upkeep import forget_old_alerts
from opportunities.services.forgetting import forget_old_records

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
    """Expire opportunities whose end has come, and remove what nobody looks back at any more."""
    now = utc_now()
    done = {"expired": expire_overdue(now=now), "removed": remove_old(now=now)}
    return {**done, **forget_old_records(now=now)}


@shared_task(
    name="opportunities.send_opportunity_alert", soft_time_limit=60, time_limit=90,
    **{**RETRIES, "autoretry_for": (OperationalError, AlertNotDelivered), "max_retries": 5},
)  # fmt: skip
def send_opportunity_alert(*, opportunity_id: str, opened_at: str, **_ignored: Any) -> str:
    """Tell people about one opening: evaluate all alert rules, then the operator's own channels.

    A repeated delivery tells nobody again. The rules come first: what the operator's channels refuse is
    retried, and must not keep people's alerts back.
    """
    now, moment = utc_now(), datetime.fromisoformat(opened_at)
    evaluate_opening(opportunity_id=UUID(opportunity_id), opened_at=moment, now=now)
    return send_alert(opportunity_id=UUID(opportunity_id), opened_at=moment, now=now)


@shared_task(name="opportunities.evaluate_rules", soft_time_limit=240, time_limit=270, expires=300, **RETRIES)
def evaluate_rules(**_ignored: Any) -> dict[str, int]:
    """Evaluate all alert rules for all active opportunities: figures cross thresholds without an opening."""
    return evaluate_all_rules(now=utc_now()).as_data()


@shared_task(
    bind=True, name="opportunities.send_alert_delivery", soft_time_limit=60, time_limit=90, **RETRIES
)
def send_alert_delivery(
    self: Task[Any, Any], *, rule_id: str, channel_id: str, due_at: str, **_ignored: Any
) -> str:
    """Send what one rule has for one channel at one time; failures come back through the outbox."""
    try:
        return send_due(
            rule_id=UUID(rule_id),
            channel_id=UUID(channel_id),
            due_at=datetime.fromisoformat(due_at),
            now=utc_now(),
        )
    except DeliveryBusy as busy:
        raise self.retry(exc=busy, countdown=BUSY_SECONDS, max_retries=3) from busy


@shared_task(name="opportunities.tidy_alerts", soft_time_limit=120, time_limit=150, expires=600, **RETRIES)
def tidy_alerts(**_ignored: Any) -> dict[str, int]:
    """Settle deliveries that nobody sent, and forget old deliveries and lines behind the bell."""
    now = utc_now()
    return {"lost": give_up_lost(now=now), "forgotten": forget_old_alerts(now=now)}


@shared_task(name=RUN_TASK, soft_time_limit=400, time_limit=440)
def run_backtest_job(*, job_id: str, **_ignored: Any) -> dict[str, str]:
    """Replay a slice of a back-test; a killed one goes on after the last day that was stored."""
    try:
        return {"job_id": job_id, "state": run_backtest_slice(job_id, now=utc_now())}
    except JobEnded:
        return {"job_id": job_id, "state": "ended"}


@shared_task(name=AUDIT_TASK, soft_time_limit=300, time_limit=330, **RETRIES)
def audit_contents(**_ignored: Any) -> dict[str, Any]:
    """Look for contents that cannot be right; a doubt that is known keeps its row."""
    return run_contents_audit(now=utc_now()).as_data()
