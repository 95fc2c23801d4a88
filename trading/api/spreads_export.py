"""Executions across venues as CSV, streamed; safe to open in a spreadsheet."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from rest_framework.request import Request

from common.api.csv import csv_stream
from opportunities.api.spreads_fields import plain
from trading.models import SpreadExecution

from .export import MAX_ROWS

COLUMNS: Final = (
    "id", "created_at", "actor", "mode", "state", "market", "symbol", "buy_venue", "sell_venue", "quantity",
    "currency", "expected_cost", "expected_proceeds", "expected_profit", "expected_net_bps", "realised_cost",
    "realised_proceeds", "realised_profit", "finished_at", "note", "reason", "opportunity",
)  # fmt: skip


def spread_csv(request: Request, rows: QuerySet[SpreadExecution], *, now: datetime) -> StreamingHttpResponse:
    """Return rows as a CSV download, `MAX_ROWS` at most, without holding them in memory.

    Args:
        request: of the caller.
        rows: filtered executions.
        now: names the file.
    """
    name = f"spread-executions-{now:%Y%m%d-%H%M}.csv"
    return csv_stream(request, name=name, header=COLUMNS, rows=_lines(rows))


def _lines(rows: QuerySet[SpreadExecution]) -> Iterator[Sequence[Any]]:
    for row in rows[:MAX_ROWS].iterator(chunk_size=500):
        yield [_cell(_value(row, name)) for name in COLUMNS]


def _value(row: SpreadExecution, name: str) -> Any:
    route = row.opportunity
    named = {
        "actor": row.actor.username,
        "market": route.market,
        "symbol": route.instrument.symbol,
        "buy_venue": route.buy_venue.code,
        "sell_venue": route.sell_venue.code,
        "opportunity": row.opportunity_id,
    }
    return named[name] if name in named else getattr(row, name)


def _cell(value: Any) -> Any:
    if value is None:
        return ""
    if isinstance(value, Decimal):  # text has no exponent; what begins with a minus must stay a number
        return Decimal(plain(value)) if value < 0 else plain(value)
    return value.isoformat() if isinstance(value, datetime) else value
