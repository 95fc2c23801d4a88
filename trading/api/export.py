"""Executions as CSV, streamed; safe to open in a spreadsheet."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any, Final

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from rest_framework.request import Request

from common.api.csv import csv_stream
from trading.models import Execution

MAX_ROWS: Final = 100_000
COLUMNS: Final = (
    "id", "created_at", "actor", "mode", "state", "product_id", "product", "buy_source", "sell_source",
    "quantity", "currency", "expected_cost", "expected_proceeds", "expected_profit",
    "expected_margin_percentage", "confidence_score", "risk_level", "realised_cost", "realised_proceeds",
    "realised_profit", "settled_at", "quote_version", "note", "closed_reason", "opportunity",
)  # fmt: skip


def csv_response(request: Request, rows: QuerySet[Execution], *, now: datetime) -> StreamingHttpResponse:
    """Return rows as a CSV download, `MAX_ROWS` at most, without holding them in memory.

    Args:
        request: of the caller.
        rows: filtered executions.
        now: names the file.
    """
    return csv_stream(request, name=f"executions-{now:%Y%m%d-%H%M}.csv", header=COLUMNS, rows=_lines(rows))


def _lines(rows: QuerySet[Execution]) -> Iterator[Sequence[Any]]:
    for row in rows[:MAX_ROWS].iterator(chunk_size=500):
        yield [_cell(name, _value(row, name)) for name in COLUMNS]


def _value(row: Execution, name: str) -> Any:
    named = {
        "actor": row.actor.username,
        "product": row.product.name,
        "buy_source": row.buy_source.code,
        "sell_source": row.sell_source.code,
        "opportunity": row.opportunity_id,
    }
    return named[name] if name in named else getattr(row, name)


def _cell(name: str, value: Any) -> Any:
    if value is None:
        return ""
    return str(value.isoformat()) if name.endswith("_at") else value
