"""R002's scraping tasks. Their source is the inbox of bulk files; venue connectors will join them here."""

from pathlib import Path
from typing import Any, Final
from uuid import UUID

from celery import shared_task
from django.conf import settings
from django.db import OperationalError, transaction

from common.clock import utc_now
from common.outbox import enqueue

from .inbox import CATALOGUE, PRICE_KINDS, import_inbox

RETRIES: Final[dict[str, Any]] = {
    "autoretry_for": (OperationalError,),
    "max_retries": 3,
    "retry_backoff": 10,
    "retry_backoff_max": 300,
    "retry_jitter": True,
}


@shared_task(name="scrapers.update_all_prices", soft_time_limit=300, time_limit=360, **RETRIES)
def update_all_prices(**_ignored: Any) -> dict[str, Any]:
    """Import the price files that wait in the inbox (BULK_PRICE_INBOX) and ask for an analysis.

    Bulk files are the only source of prices so far. Running it again imports nothing twice.
    """
    report = import_inbox(folder=Path(settings.BULK_PRICE_INBOX), kinds=PRICE_KINDS, now=utc_now())
    return report.as_data()


@shared_task(name="scrapers.update_product_prices", soft_time_limit=300, time_limit=360, **RETRIES)
def update_product_prices(*, product_id: str, **_ignored: Any) -> dict[str, Any]:
    """Bring the prices of one product up to date, then ask for its analysis.

    Bulk files hold all products, so this imports whatever waits in the inbox, the wanted product's prices
    among it. Running it again imports nothing twice.
    """
    now = utc_now()
    product = UUID(product_id)
    report = import_inbox(folder=Path(settings.BULK_PRICE_INBOX), kinds=PRICE_KINDS, now=now)
    with transaction.atomic():
        enqueue(
            task="opportunities.analyze_product_arbitrage",
            kwargs={"product_id": str(product)},
            queue="analysis",
            key=f"analyze-product:{product}:{now:%Y-%m-%dT%H:%M}",
        )
    return report.as_data()


@shared_task(name="scrapers.scrape_new_products", soft_time_limit=300, time_limit=360, **RETRIES)
def scrape_new_products(**_ignored: Any) -> dict[str, Any]:
    """Import the catalogue files (MTGJSON) that wait in the inbox and ask for an analysis.

    Bulk files are the only source of products so far. Running it again changes nothing.
    """
    report = import_inbox(folder=Path(settings.BULK_PRICE_INBOX), kinds=(CATALOGUE,), now=utc_now())
    return report.as_data()
