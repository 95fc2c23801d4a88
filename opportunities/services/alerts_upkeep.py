"""Forgetting alerts: the log of deliveries and the bell keep what is recent."""

from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from opportunities.choices import DeliveryState
from opportunities.models import AlertDelivery, Notification

RETENTION: Final = timedelta(days=90)
_BATCH: Final = 5_000


def forget_old_alerts(*, now: datetime) -> int:
    """Remove settled deliveries and lines behind the bell older than `RETENTION`, some thousands at a time.

    Returns:
        How many rows were removed.
    """
    before = now - RETENTION
    settled = AlertDelivery.objects.filter(created_at__lt=before).exclude(state=DeliveryState.WAITING)
    lines = Notification.objects.filter(created_at__lt=before)
    removed = 0
    for rows in (settled, lines):
        with transaction.atomic():
            ids = list(rows.order_by("created_at").values_list("pk", flat=True)[:_BATCH])
            removed += rows.filter(pk__in=ids).delete()[0]
    return removed
