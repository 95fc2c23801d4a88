"""What is told of an execution across venues: the audit trail, open dashboards, and the people concerned."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from common.audit import record_event
from common.events import Topic, publish_event
from opportunities.choices import NotificationKind
from opportunities.services.alerts_notifying import NewNotification, notify_users
from trading.choices import SpreadState
from trading.models import SpreadExecution
from users.choices import Role
from users.models import User

_AMOUNTS: Final = (
    "quantity", "expected_cost", "expected_proceeds", "expected_profit", "expected_net_bps", "realised_cost",
    "realised_proceeds", "realised_profit",
)  # fmt: skip
_TITLES: Final = {
    SpreadState.SETTLED: "Settled: {what}",
    SpreadState.UNWOUND: "Unwound: {what}",
    SpreadState.FAILED: "Nothing traded: {what}",
    SpreadState.STUCK: "Needs you: {what}",
}
MAX_STUCK_READERS: Final = 200


def record_spread(
    execution: SpreadExecution,
    what: str,
    *,
    actor: User | None,
    now: datetime,
    facts: dict[str, Any] | None = None,
) -> None:
    """Write the audit event of a change, and tell open dashboards the new state after the commit.

    Args:
        execution: as it is now, with its opportunity and venues at hand.
        what: `opened`, `leg_sent`, `leg_finished`, `leg_unknown`, `unwinding`, `resolved` or a final state.
        actor: who; None for the system.
        now: time of the change.
        facts: of the change; ids and figures only.
    """
    data = {"state": str(execution.state), "fence": execution.fence, **_figures(execution), **(facts or {})}
    record_event(
        actor=actor, verb=f"spread.{what}", subject=f"spread_execution:{execution.pk}", data=data, now=now
    )
    publish_event(topic=Topic.EXECUTION, name=str(execution.state), data=spread_item(execution))


def spread_item(execution: SpreadExecution) -> dict[str, Any]:
    """Return an execution as a row of the log, decimals as plain strings."""
    row = execution.opportunity
    return {
        "id": str(execution.pk),
        "kind": "cross_venue",
        "opportunity": str(execution.opportunity_id),
        "market": row.market,
        "symbol": row.instrument.symbol,
        "buy_venue": row.buy_venue.code,
        "sell_venue": row.sell_venue.code,
        "mode": execution.mode,
        "state": str(execution.state),
        "currency": execution.currency,
        **_figures(execution),
        "reason": execution.reason,
        "created_at": execution.created_at,
        "finished_at": execution.finished_at,
    }


def notify_people(execution: SpreadExecution, *, now: datetime) -> None:
    """Put a line behind the bell: of the trader at the end, of every operator when a person is needed."""
    title = _TITLES.get(SpreadState(execution.state))
    if title is None:
        return
    is_stuck = execution.state == SpreadState.STUCK
    readers = {execution.actor_id}
    if is_stuck:
        operators = User.objects.filter(role__in=(Role.OPERATOR, Role.ADMIN), is_active=True)
        readers |= set(operators.order_by("pk").values_list("pk", flat=True)[:MAX_STUCK_READERS])
    row = execution.opportunity
    what = f"{_plain(execution.quantity)} x {row.instrument.symbol}"
    profit = execution.realised_profit
    body = f"{row.buy_venue.code} to {row.sell_venue.code}. "
    if profit is not None:
        body += f"Realised profit {_plain(profit.quantize(Decimal('0.01')))} {execution.currency}. "
    lines = [
        NewNotification(
            user_id=reader,
            kind=NotificationKind.EXECUTION,
            title=title.format(what=what)[:200],
            body=f"{body}{execution.reason}".strip()[:500],
            link=f"/executions/{execution.pk}",
            dedupe_key=f"spread:{execution.pk}:{execution.state}:{reader}",
        )
        for reader in sorted(readers)
    ]
    notify_users(lines, now=now)


def _figures(execution: SpreadExecution) -> dict[str, str | None]:
    values = {name: getattr(execution, name) for name in _AMOUNTS}
    return {name: None if value is None else _plain(value) for name, value in values.items()}


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
