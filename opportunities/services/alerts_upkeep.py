"""Forgetting alerts: the log of deliveries and the bell keep what is recent."""

from datetime import datetime, timedelta
from typing import Final

from opportunities.choices import DeliveryState
from opportunities.models import AlertDelivery, Notification

from .forgetting import remove_in_batches

RETENTION: Final = timedelta(days=90)


def forget_old_alerts(*, now: datetime) -> int:
    """Remove settled deliveries and lines behind the bell older than `RETENTION`.

    Returns:
        How many rows were removed.
    """
    before = now - RETENTION
    settled = AlertDelivery.objects.filter(created_at__lt=before).exclude(state=DeliveryState.WAITING)
    lines = Notification.objects.filter(created_at__lt=before)
    return sum(remove_in_batches(rows.order_by("created_at")) for rows in (settled, lines))
