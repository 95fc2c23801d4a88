"""Telling people about executions: open dashboards at once, the trader's bell through the outbox."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from common.events import Topic, publish_event
from opportunities.choices import NotificationKind
from opportunities.models import Notification
from trading.models import Execution

ANNOUNCE_TASK: Final = "trading.announce_execution"

_TITLES: Final = {
    "bought": "Bought on paper: {quantity} x {product}",
    "settled": "Settled: {quantity} x {product}",
    "cancelled": "Cancelled: {quantity} x {product}",
}
_BODIES: Final = {
    "bought": "Cost {execution.expected_cost} {execution.currency}, expected profit "
    "{execution.expected_profit} ({execution.expected_margin_percentage} %).",
    "settled": "Realised profit {execution.realised_profit} {execution.currency}, expected "
    "{execution.expected_profit}.",
    "cancelled": "{execution.closed_reason}",
}


def publish_execution(execution: Execution, name: str) -> None:
    """Tell open dashboards what happened to an execution, after the transaction commits.

    Args:
        execution: as it is now.
        name: bought, selling, settled, cancelled or noted.
    """
    data = {"id": execution.pk, "state": str(execution.state), "opportunity": execution.opportunity_id}
    publish_event(topic=Topic.EXECUTION, name=name, data=data)


def announce_execution(*, execution_id: UUID, what: str, now: datetime) -> bool:
    """Put a line behind the bell of whoever acted; once per execution and event, however often it runs.

    Args:
        execution_id: which execution; one that is gone is announced to nobody.
        what: bought, settled or cancelled.
        now: time of the notification.

    Returns:
        Whether a line was added.
    """
    execution = Execution.objects.select_related("product").filter(pk=execution_id).first()
    if execution is None or what not in _TITLES:
        return False
    title = _TITLES[what].format(quantity=execution.quantity, product=execution.product.name)
    with transaction.atomic():
        line, is_new = Notification.objects.get_or_create(
            dedupe_key=f"execution:{execution.pk}:{what}",
            defaults={
                "user_id": execution.actor_id,
                "kind": NotificationKind.EXECUTION,
                "title": title[:200],
                "body": _BODIES[what].format(execution=execution)[:500],
                "link": f"/executions/{execution.pk}",
                "created_at": now,
            },
        )
        if is_new:
            publish_event(
                topic=Topic.NOTIFICATION,
                name="created",
                data={"id": line.pk, "title": line.title, "kind": line.kind, "link": line.link},
                user_id=execution.actor_id,
            )
    return is_new
