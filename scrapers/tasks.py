"""R002's scraping tasks. Each does a job in slices; called without one (by the schedule), it asks for one."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import structlog
from celery import shared_task
from django.conf import settings

from catalog.models import Product
from common.clock import utc_now
from jobs.errors import JobEnded
from jobs.services import JobRun, job_slice

from .inbox import CATALOGUE, PRICE_KINDS
from .services.cycle import own_setup, read_inbox, run_cycle
from .services.refreshing import run_refresh
from .services.requesting import (
    NEW_PRODUCTS_TASK,
    REFRESH_TASK,
    SYNC_TASK,
    UPDATE_TASK,
    request_cycle,
    request_new_products,
    request_product_refresh,
    request_sync,
)
from .services.syncing import DEFAULT_CATEGORIES, present_categories, run_sync

logger = structlog.get_logger(__name__)

LIMITS: Final[dict[str, Any]] = {"soft_time_limit": 400, "time_limit": 440}
"""A slice ends itself after 240 s; what cannot be divided, a whole catalogue, may take longer once."""


@shared_task(name=UPDATE_TASK, **LIMITS)
def update_all_prices(*, job_id: str | None = None, **_ignored: Any) -> dict[str, Any]:
    """Run one cycle: files in the inbox, every bulk feed that is ready, then single products by plan.

    A running cycle is joined, not doubled. A killed slice goes on from what is stored.
    """
    now = utc_now()
    if job_id is None:
        return _asked(request_cycle(actor=None, now=now).pk)
    inbox = Path(settings.BULK_PRICE_INBOX)
    return run_slice(job_id, lambda run: run_cycle(run, inbox=inbox, kinds=PRICE_KINDS), now=now)


@shared_task(name=REFRESH_TASK, **LIMITS)
def update_product_prices(
    *, job_id: str | None = None, product_id: str | None = None, **_ignored: Any
) -> dict[str, Any]:
    """Fetch the prices of one product from every source that knows it, then ask for its analysis."""
    now = utc_now()
    if job_id is None:
        product = Product.objects.get(pk=UUID(product_id))
        return _asked(request_product_refresh(product, actor=None, now=now).pk)
    return run_slice(job_id, run_refresh, now=now)


@shared_task(name=NEW_PRODUCTS_TASK, **LIMITS)
def scrape_new_products(*, job_id: str | None = None, **_ignored: Any) -> dict[str, Any]:
    """Import catalogue files of the inbox, then look for new articles in every bulk feed that is ready."""
    now = utc_now()
    if job_id is None:
        return _asked(request_new_products(actor=None, now=now).pk)
    return run_slice(job_id, _look_for_products, now=now)


@shared_task(name=SYNC_TASK, **LIMITS)
def sync_market_data(*, job_id: str | None = None, **_ignored: Any) -> dict[str, Any]:
    """Load catalogue and prices from the bulk feeds the job names (all by default), then ask for analysis."""
    now = utc_now()
    if job_id is None:
        return _asked(request_sync(actor=None, now=now).pk)
    return run_slice(job_id, _sync, now=now)


def run_slice(job_id: str, work: Callable[[JobRun], None], *, now: datetime) -> dict[str, Any]:
    """Do one slice of a job; a job that has ended needs none.

    Raises:
        JobBusy: if another worker is at it; the message comes again.
    """
    try:
        with job_slice(job_id, now=now) as run:
            work(run)
    except JobEnded as error:
        logger.info("job.nothing_left", job=job_id, detail=error.detail)
        return {"job_id": job_id, "state": "ended"}
    return {"job_id": job_id, "state": run.job.state, "counts": run.job.counts}


def _look_for_products(run: JobRun) -> None:
    read_inbox(run, Path(settings.BULK_PRICE_INBOX), (CATALOGUE,))
    setup = own_setup(run)
    if setup is not None:
        run_sync(run, setup=setup, categories={*DEFAULT_CATEGORIES, *present_categories()})


def _sync(run: JobRun) -> None:
    parameters = run.parameters
    run_sync(run, named=parameters.get("sources", ()), categories=parameters.get("categories", ()))


def _asked(job_id: UUID) -> dict[str, Any]:
    return {"job_id": str(job_id)}
