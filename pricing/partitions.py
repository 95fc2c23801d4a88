"""Monthly partitions of `price_history`: made on demand and ahead, dropped when they are past retention.

There is no default partition: a row for a month nobody planned is a bug to see, and DETACH stays possible.
Called by `pricing.services`, the `partitions` command and the task `pricing.ensure_partitions`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db import connection, transaction
from psycopg import sql

EARLIEST_MONTH = date(1993, 8, 1)  # the first trading-card game went on sale; older dates are parsing errors
MONTHS_AHEAD = 3
MAX_MONTHS_AHEAD = 24
TABLE = "price_history"
_PREFIX = f"{TABLE}_"
_LOCK = "pricing.partitions"


@dataclass(frozen=True, slots=True)
class PartitionPlan:
    """What `plan_partitions` would do: months to create, and partitions past retention to drop."""

    create: tuple[date, ...]
    drop: tuple[date, ...]
    present: tuple[date, ...]


def month_of(moment: datetime) -> date:
    """Return the first day of the month a moment lies in, in UTC."""
    utc = moment.astimezone(UTC)
    return date(utc.year, utc.month, 1)


def add_months(month: date, count: int) -> date:
    """Return the first day of the month `count` months after (before, when negative) `month`."""
    index = month.year * 12 + month.month - 1 + count
    return date(index // 12, index % 12 + 1, 1)


def partition_name(month: date) -> str:
    """Return the table that holds a month's prices, e.g. `price_history_2026_11`."""
    return f"{_PREFIX}{month:%Y_%m}"


def existing_months() -> list[date]:
    """Return the months that have a partition, oldest first."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid"
            " WHERE i.inhparent = %s::regclass",
            [TABLE],
        )
        names = [row[0] for row in cursor.fetchall()]
    return sorted(date(int(name[-7:-3]), int(name[-2:]), 1) for name in names)


def ensure_months(months: Iterable[date]) -> list[date]:
    """Create the missing partitions of the given months and return those that were created, oldest first.

    The table is built first and attached then: attaching locks out neither readers nor writers of the
    history.

    Raises:
        ValueError: for a month before `EARLIEST_MONTH`.
    """
    wanted = sorted(set(months))
    if wanted and wanted[0] < EARLIEST_MONTH:
        raise ValueError(
            f"no prices exist before {EARLIEST_MONTH:%Y-%m}, but {wanted[0]:%Y-%m} was asked for"
        )
    if not set(wanted) - set(existing_months()):
        return []
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [_LOCK])
        missing = sorted(set(wanted) - set(existing_months()))
        for month in missing:
            for statement in _create_statements(month):
                cursor.execute(statement)
    return missing


def plan_partitions(
    *, now: datetime, ahead: int = MONTHS_AHEAD, retain_months: int | None = None
) -> PartitionPlan:
    """Say which partitions to create and to drop.

    Args:
        now: the moment to plan for.
        ahead: how many months after the current one must exist, 0 to 24.
        retain_months: whole months of history to keep besides the current one; None keeps everything.

    Raises:
        ValueError: for numbers outside their range.
    """
    if not 0 <= ahead <= MAX_MONTHS_AHEAD:
        raise ValueError(f"months ahead must be 0 to {MAX_MONTHS_AHEAD}, not {ahead}")
    if retain_months is not None and retain_months < 1:
        raise ValueError(f"at least one month must be retained, not {retain_months}")
    present = existing_months()
    current = month_of(now)
    wanted = [add_months(current, offset) for offset in range(ahead + 1)]
    oldest = EARLIEST_MONTH if retain_months is None else add_months(current, -retain_months)
    return PartitionPlan(
        create=tuple(month for month in wanted if month not in present),
        drop=tuple(month for month in present if month < oldest),
        present=tuple(present),
    )


def drop_months(months: Iterable[date]) -> list[date]:
    """Drop the partitions of the given months with all their prices; current prices are kept.

    Returns:
        The months that had a partition, oldest first.
    """
    dropped = sorted(set(months) & set(existing_months()))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '5s'")
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [_LOCK])
        for month in dropped:
            name = sql.Identifier(partition_name(month))
            cursor.execute(sql.SQL("ALTER TABLE {} DETACH PARTITION {}").format(sql.Identifier(TABLE), name))
            cursor.execute(sql.SQL("DROP TABLE {}").format(name))
    return dropped


def _create_statements(month: date) -> list[sql.Composed]:
    name, parent = sql.Identifier(partition_name(month)), sql.Identifier(TABLE)
    lower, upper = (sql.Literal(f"{day:%Y-%m-%d} 00:00:00+00") for day in (month, add_months(month, 1)))
    bounds = sql.SQL("recorded_at >= {} AND recorded_at < {}").format(lower, upper)
    check = sql.Identifier(f"{partition_name(month)}_bounds")
    return [
        sql.SQL("CREATE TABLE {} (LIKE {} INCLUDING ALL)").format(name, parent),
        # the CHECK spares ATTACH its scan; it says the same as the bounds and goes right after
        sql.SQL("ALTER TABLE {} ADD CONSTRAINT {} CHECK ({})").format(name, check, bounds),
        sql.SQL("ALTER TABLE {} ATTACH PARTITION {} FOR VALUES FROM ({}) TO ({})").format(
            parent, name, lower, upper
        ),
        sql.SQL("ALTER TABLE {} DROP CONSTRAINT {}").format(name, check),
    ]
