"""Decisions about held prices: release puts one into history, reject leaves it out for good."""

from datetime import datetime

from django.db import connection, transaction

from common.audit import record_event
from pricing.choices import QuarantineStatus
from pricing.errors import QuarantineDecided
from pricing.ingest.storing import CURRENT_UPSERT
from pricing.models import QuarantinedPrice
from pricing.partitions import ensure_months, month_of
from users.models import User

_COLUMNS = (
    "recorded_at, product_key, batch_id, source_id, variant_id, seller_count, available_quantity, price,"
    " shipping_cost"
)
_HELD = """
SELECT q.recorded_at, p.key, q.batch_id, q.source_id, q.variant_id, q.seller_count, q.available_quantity,
       q.price, q.shipping_cost
  FROM quarantined_prices q JOIN products p ON p.id = q.product_id
 WHERE q.id = %s
"""
_RELEASE = (
    f"INSERT INTO price_history ({_COLUMNS}) {_HELD} ON CONFLICT DO NOTHING",
    f"INSERT INTO current_prices ({_COLUMNS}) {_HELD} {CURRENT_UPSERT}",
)


def release_price(*, quarantined_id: int, actor: User | None, now: datetime) -> QuarantinedPrice:
    """Accept a held price: it enters history, and becomes the current price if none is newer.

    The release also speaks for later prices of the same product, source and variant that are near it
    (`pricing.quality.RELEASE_RATIO`, `RELEASE_DAYS`). Releasing twice is the same as releasing once.

    Raises:
        QuarantineDecided: if the price was rejected.
        QuarantinedPrice.DoesNotExist: if there is none of that id.
    """
    with transaction.atomic():
        held = _decide(quarantined_id, QuarantineStatus.RELEASED, actor=actor, now=now)
        if held is None:
            return QuarantinedPrice.objects.get(pk=quarantined_id)
        ensure_months([month_of(held.recorded_at)])
        with connection.cursor() as cursor:
            for statement in _RELEASE:
                cursor.execute(statement, [held.pk])
        return held


def reject_price(*, quarantined_id: int, actor: User | None, now: datetime) -> QuarantinedPrice:
    """Refuse a held price for good. Rejecting twice is the same as rejecting once.

    Raises:
        QuarantineDecided: if the price was released.
        QuarantinedPrice.DoesNotExist: if there is none of that id.
    """
    with transaction.atomic():
        held = _decide(quarantined_id, QuarantineStatus.REJECTED, actor=actor, now=now)
        return held or QuarantinedPrice.objects.get(pk=quarantined_id)


def _decide(
    quarantined_id: int, status: QuarantineStatus, *, actor: User | None, now: datetime
) -> QuarantinedPrice | None:
    """Move a held price to its decided state and record it; None if it already is in that state."""
    held = (
        QuarantinedPrice.objects.select_for_update(of=("self",))
        .select_related("product", "source", "variant")
        .get(pk=quarantined_id)
    )
    if held.status == status:
        return None
    if held.status != QuarantineStatus.HELD:
        raise QuarantineDecided(
            None, f"This price was already {held.status}.", {"id": quarantined_id, "status": held.status}
        )
    held.status, held.decided_by, held.decided_at = status, actor, now
    held.save(update_fields=["status", "decided_by", "decided_at"])
    record_event(
        actor=actor,
        verb=f"price.{status.value}",
        subject=f"quarantined_price:{held.pk}",
        data={
            "product_id": held.product_id,
            "source": held.source.code,
            "variant": str(held.variant),
            "price": held.price,
            "recorded_at": held.recorded_at,
            "reasons": held.reasons,
        },
        now=now,
    )
    return held
