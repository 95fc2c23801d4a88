"""Asking for an analysis after new prices. By name only: this app does not know the one that analyses."""

from datetime import datetime
from typing import Final

from django.db import transaction

from catalog.choices import ProductType
from catalog.models import Product
from common.audit import record_event
from common.outbox import enqueue
from users.models import User

ANALYZE_ALL_TASK: Final = "opportunities.analyze_all_products"
ANALYZE_PRODUCT_TASK: Final = "opportunities.analyze_product_arbitrage"
QUEUE: Final = "analysis"


def ask_for_analysis(*, now: datetime) -> None:
    """Ask for an analysis of everything, at most one a minute."""
    with transaction.atomic():
        enqueue(task=ANALYZE_ALL_TASK, kwargs={}, queue=QUEUE, key=f"analyze-all:{now:%Y-%m-%dT%H:%M}")


def ask_for_product_analysis(product: Product, *, now: datetime) -> None:
    """Ask for an analysis of what one product's price bears on: itself if sealed, else everything."""
    if product.product_type != ProductType.SEALED:
        ask_for_analysis(now=now)
        return
    with transaction.atomic():
        enqueue(
            task=ANALYZE_PRODUCT_TASK,
            kwargs={"product_id": str(product.pk)},
            queue=QUEUE,
            key=f"analyze-product:{product.pk}:{now:%Y-%m-%dT%H:%M}",
        )


def request_product_analysis(product: Product, *, actor: User, now: datetime) -> None:
    """Ask for an analysis of one product on a person's behalf, and record who asked."""
    with transaction.atomic():
        ask_for_product_analysis(product, now=now)
        record_event(
            actor=actor,
            verb="opportunity.analysis_requested",
            subject=f"product:{product.pk}",
            data={},
            now=now,
        )
