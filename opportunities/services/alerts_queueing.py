"""Asking the outbox to send what is due to one channel."""

from datetime import datetime
from typing import Final
from uuid import UUID

from common.outbox import enqueue

DELIVERY_TASK: Final = "opportunities.send_alert_delivery"
QUEUE: Final = "analysis"


def queue_delivery(*, rule_id: UUID, channel_id: UUID, due_at: datetime) -> None:
    """Ask, in the caller's transaction, to send what one rule has for one channel at one time, together.

    Asking again for the same three is the same message.
    """
    moment = due_at.isoformat()
    enqueue(
        task=DELIVERY_TASK,
        kwargs={"rule_id": str(rule_id), "channel_id": str(channel_id), "due_at": moment},
        queue=QUEUE,
        key=f"alert-delivery:{rule_id}:{channel_id}:{moment}",
        due_at=due_at,
    )
