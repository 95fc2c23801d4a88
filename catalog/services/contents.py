"""Deriving again what follows from the contents of products."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.db import transaction

from catalog.selectors.impact import products_containing
from common.audit import record_event
from users.models import User

from .completeness import refresh_completeness
from .mapping import rebuild_product_singles


def rebuild_contents(*, product_ids: Collection[UUID], actor: User | None, now: datetime) -> int:
    """Judge the completeness of products anew and flatten them, and everything that holds them.

    Returns:
        How many lines of `product_singles` and versions of contents changed; 0 records no event.
    """
    with transaction.atomic():
        touched = products_containing(product_ids=product_ids)
        changed = refresh_completeness(product_ids=touched)
        changed += rebuild_product_singles(product_ids=touched, now=now)
        if changed:
            for product_id in sorted(product_ids):
                record_event(
                    actor=actor,
                    verb="product.contents_rebuilt",
                    subject=f"product:{product_id}",
                    data={"changed": changed},
                    now=now,
                )
    return changed
