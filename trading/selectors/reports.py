"""What was expected of executions and what they brought, grouped. Currencies are never added up."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Final

from django.db import connection

from catalog.choices import Category
from opportunities.choices import RiskLevel

MAX_ROWS: Final = 2_000


class ProfitGroup(StrEnum):
    """What the profit report is grouped by."""

    WEEK = "week"
    SOURCE = "source"
    CATEGORY = "category"
    RISK_LEVEL = "risk_level"


_KEYS: Final[dict[ProfitGroup, str]] = {
    ProfitGroup.WEEK: "to_char(date_trunc('week', e.created_at AT TIME ZONE 'UTC'), 'YYYY-MM-DD')",
    ProfitGroup.SOURCE: "s.code",
    ProfitGroup.CATEGORY: "p.category",
    ProfitGroup.RISK_LEVEL: "e.risk_level",
}
_PROFIT: Final = """
SELECT {key} AS key, e.currency, count(*), count(*) FILTER (WHERE e.state = 'settled'),
       sum(e.expected_profit), sum(e.realised_profit) FILTER (WHERE e.state = 'settled'),
       sum(e.expected_profit) FILTER (WHERE e.state = 'settled'),
       count(*) FILTER (WHERE e.state = 'settled' AND e.realised_profit > 0), sum(e.expected_cost)
  FROM executions e
  JOIN products p ON p.id = e.product_id
  JOIN price_sources s ON s.id = e.buy_source_id
 WHERE e.created_at >= %(from)s AND e.created_at < %(to)s AND e.state NOT IN ('cancelled', 'failed')
 GROUP BY 1, 2 ORDER BY 1, 2 LIMIT {limit}
"""


@dataclass(frozen=True, slots=True)
class ProfitRow:
    """One group in one currency.

    Args:
        key: of the group; a week is named by its Monday (UTC).
        label: the same for people.
        executions: that were not cancelled.
        settled: of them.
        profitable: settled ones that brought a profit.
        cost: expected, of all.
        expected_profit: of all.
        realised_profit: of the settled ones; None without any.
        expected_of_settled: what was expected of the settled ones; None without any.
    """

    key: str
    label: str
    currency: str
    executions: int
    settled: int
    profitable: int
    cost: Decimal
    expected_profit: Decimal
    realised_profit: Decimal | None
    expected_of_settled: Decimal | None


def profit_rows(*, group: ProfitGroup, from_day: date, to_day: date) -> list[ProfitRow]:
    """Return expected and realised profit of the executions of [from_day, to_day), by group and currency.

    One statement; at most `MAX_ROWS` rows.

    Args:
        group: what by.
        from_day: first day, UTC.
        to_day: day after the last.
    """
    statement = _PROFIT.format(key=_KEYS[group], limit=MAX_ROWS)
    period = {"from": _start(from_day), "to": _start(to_day)}
    with connection.cursor() as cursor:
        cursor.execute(statement, period)
        return [
            ProfitRow(
                key=key,
                label=_label(group, key),
                currency=currency,
                executions=executions,
                settled=settled,
                profitable=profitable,
                cost=cost,
                expected_profit=expected,
                realised_profit=realised,
                expected_of_settled=expected_of_settled,
            )
            for (
                key, currency, executions, settled, expected, realised, expected_of_settled, profitable, cost,
            ) in cursor.fetchall()
        ]  # fmt: skip


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _label(group: ProfitGroup, key: str) -> str:
    labels = {
        ProfitGroup.CATEGORY: dict(Category.choices),
        ProfitGroup.RISK_LEVEL: dict(RiskLevel.choices),
    }.get(group, {})
    text = str(labels.get(key, key))
    return f"Week of {text}" if group == ProfitGroup.WEEK else text
