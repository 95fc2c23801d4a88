"""Prices that a person finds wrong after they were stored: out of history, kept as evidence."""

import json
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from common.audit import record_event
from pricing.choices import QuarantineReason, QuarantineStatus
from pricing.errors import PriceNotStored
from pricing.models import QuarantinedPrice
from users.models import User

PriceKey = tuple[int, int, int, datetime]
"""Product key, source id, variant id and time: what names one stored price."""

_KEY = "product_key = %(product)s AND source_id = %(source)s AND variant_id = %(variant)s"
_TAKE = f"DELETE FROM price_history WHERE {_KEY} AND recorded_at = %(at)s RETURNING price"  # noqa: S608
_FACTS = """batch_id, price, seller_count, available_quantity, shipping_cost"""
_KEEP = f"""
INSERT INTO quarantined_prices AS q (product_id, source_id, variant_id, {_FACTS}, recorded_at, reasons,
       evidence, status, decided_by_id, decided_at, created_at)
SELECT p.id, h.source_id, h.variant_id, {_FACTS}, h.recorded_at, %(reasons)s, %(evidence)s::jsonb, %(status)s,
       %(actor)s, %(now)s, %(now)s
  FROM price_history h JOIN products p ON p.key = h.product_key
 WHERE h.product_key = %(product)s AND h.source_id = %(source)s AND h.variant_id = %(variant)s
   AND h.recorded_at = %(at)s
    ON CONFLICT (product_id, source_id, variant_id, recorded_at) DO UPDATE
   SET status = excluded.status, decided_by_id = excluded.decided_by_id, decided_at = excluded.decided_at,
       reasons = array(SELECT DISTINCT unnest(q.reasons || excluded.reasons) ORDER BY 1),
       evidence = q.evidence || excluded.evidence
RETURNING id
"""  # noqa: S608 - made of our own constants
_FORGET = f"DELETE FROM current_prices WHERE {_KEY} AND recorded_at = %(at)s"  # noqa: S608
_COLUMNS = f"recorded_at, product_key, source_id, variant_id, {_FACTS}"
_NEWEST = f"""
INSERT INTO current_prices ({_COLUMNS})
SELECT {_COLUMNS} FROM price_history WHERE {_KEY} ORDER BY recorded_at DESC LIMIT 1
    ON CONFLICT DO NOTHING
"""  # noqa: S608


def mark_outlier(key: PriceKey, *, reason: str, actor: User | None, now: datetime) -> QuarantinedPrice:
    """Take a stored price out of history: it is kept among the rejected ones and never imported again.

    If it was the current price, the newest one left takes its place. Figures that were computed with it stay
    until the next analysis.

    Args:
        key: which price.
        reason: in words, kept with the evidence.
        actor: who decided it.
        now: when.

    Raises:
        PriceNotStored: if there is no such price in history (any more).
    """
    product, source, variant, at = key
    parameters: dict[str, Any] = {
        "product": product, "source": source, "variant": variant, "at": at, "now": now,
        "reasons": [QuarantineReason.STAFF_OUTLIER.value], "status": QuarantineStatus.REJECTED.value,
        "evidence": json.dumps({"said": reason}), "actor": None if actor is None else actor.pk,
    }  # fmt: skip
    with transaction.atomic(), connection.cursor() as cursor:
        # The lock that every ingest of the source takes first: current prices change in one order only.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('pricing.record_prices'), %s)", [source])
        cursor.execute(_KEEP, parameters)
        kept = cursor.fetchone()
        if kept is None:
            raise PriceNotStored(details={"product_key": product, "recorded_at": at.isoformat()})
        cursor.execute(_TAKE, parameters)
        cursor.execute(_FORGET, parameters)
        if cursor.rowcount:
            cursor.execute(_NEWEST, parameters)
        held = QuarantinedPrice.objects.select_related("product", "source", "variant").get(pk=kept[0])
        record_event(
            actor=actor,
            verb="price.taken_out",
            subject=f"quarantined_price:{held.pk}",
            data={
                "product_id": held.product_id,
                "source": held.source.code,
                "variant": str(held.variant),
                "price": held.price,
                "recorded_at": held.recorded_at,
                "reason": reason,
            },
            now=now,
        )
    return held
