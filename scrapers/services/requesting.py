"""Asking for fetches in the background: each is a job."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from catalog.models import Product
from jobs.models import Job
from jobs.selectors import open_job
from jobs.services import lock_subject, request_job
from scrapers.registry import source_spec
from users.models import User

UPDATE_TASK: Final = "scrapers.update_all_prices"
REFRESH_TASK: Final = "scrapers.update_product_prices"
NEW_PRODUCTS_TASK: Final = "scrapers.scrape_new_products"
SYNC_TASK: Final = "scrapers.sync_market_data"
QUEUE: Final = "scraping"


def request_product_refresh(
    product: Product, *, actor: User | None, now: datetime, sources: Collection[str] = ()
) -> Job:
    """Ask for the prices of one product; a running request for the same is joined.

    Args:
        product: the product.
        actor: who asks.
        now: when.
        sources: codes of the only sources to ask; empty asks every one that knows the product.
    """
    codes = sorted(sources)
    return _join_or_request(
        kind=REFRESH_TASK,
        subject=f"product:{product.pk}{'@' if codes else ''}{','.join(codes)}"[:100],
        label=f"Refresh prices: {product.name}"[:200],
        parameters={"product_id": str(product.pk), **({"sources": codes} if codes else {})},
        actor=actor,
        now=now,
    )


def request_source_sync(code: str, *, actor: User | None, now: datetime) -> Job:
    """Ask for everything one source publishes, then an analysis; a running request is joined.

    Raises:
        UnknownSource: if there is no such source.
    """
    source = source_spec(code)
    return _join_or_request(
        kind=SYNC_TASK,
        subject=f"source:{source.code}",
        label=f"Load market data: {source.name}",
        parameters={"sources": [source.code], "categories": []},
        actor=actor,
        now=now,
    )


def request_sync(*, actor: User | None, now: datetime, categories: Collection[str] = ("mtg",)) -> Job:
    """Ask for the real market: catalogue and prices of every bulk route that is ready, then an analysis."""
    return _join_or_request(
        kind=SYNC_TASK,
        subject="source:all",
        label="Load real market data",
        parameters={"sources": [], "categories": sorted(categories)},
        actor=actor,
        now=now,
    )


def request_cycle(*, actor: User | None, now: datetime) -> Job:
    """Ask for one cycle: bulk feeds first, then single products by plan; a running one is joined."""
    return _join_or_request(
        kind=UPDATE_TASK, subject="", label="Update all prices", parameters={}, actor=actor, now=now
    )


def request_new_products(*, actor: User | None, now: datetime) -> Job:
    """Ask for new catalogue entries from every feed that has some; a running request is joined."""
    return _join_or_request(
        kind=NEW_PRODUCTS_TASK, subject="", label="Look for new products", parameters={}, actor=actor, now=now
    )


def _join_or_request(
    *, kind: str, subject: str, label: str, parameters: dict[str, Any], actor: User | None, now: datetime
) -> Job:
    with transaction.atomic():
        lock_subject(kind, subject)
        running = open_job(kind, subject=subject)
        if running is not None:
            return running
        return request_job(
            kind=kind,
            label=label,
            queue=QUEUE,
            parameters=parameters,
            actor=actor,
            subject=subject,
            is_demo=Product.objects.filter(is_demo=True).exists(),
            now=now,
        )
