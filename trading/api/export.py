"""Executions as CSV, streamed; safe to open in a spreadsheet."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from rest_framework.renderers import BaseRenderer

from trading.models import Execution

MAX_ROWS: Final = 100_000
COLUMNS: Final = (
    "id", "created_at", "actor", "mode", "state", "product_id", "product", "buy_source", "sell_source",
    "quantity", "currency", "expected_cost", "expected_proceeds", "expected_profit",
    "expected_margin_percentage", "confidence_score", "risk_level", "realised_cost", "realised_proceeds",
    "realised_profit", "settled_at", "quote_version", "note", "closed_reason", "opportunity",
)  # fmt: skip
_DANGEROUS: Final = ("=", "+", "-", "@", "\t", "\r", "\n")
_TEXT: Final = frozenset({"actor", "product", "note", "closed_reason", "buy_source", "sell_source"})


class CsvRenderer(BaseRenderer):
    """Lets clients ask for `text/csv`; the view streams the rows itself."""

    media_type = "text/csv"
    format = "csv"

    def render(self, data: Any, accepted_media_type: str | None = None, renderer_context: Any = None) -> Any:
        """Return an error document of a view as it is."""
        return data


class _Echo:
    """A file that gives back what is written."""

    def write(self, value: str) -> str:
        return value


def safe_text(value: str) -> str:
    """Return text that no spreadsheet takes for a formula: a quote goes before a dangerous beginning."""
    return f"'{value}" if value.startswith(_DANGEROUS) else value


def csv_response(rows: QuerySet[Execution], *, name: str) -> StreamingHttpResponse:
    """Return rows as a CSV download, `MAX_ROWS` at most, without holding them in memory."""
    writer = csv.writer(_Echo())
    lines: Iterable[Any] = (writer.writerow(line) for line in _lines(rows))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _lines(rows: QuerySet[Execution]) -> Iterator[Sequence[str]]:
    yield COLUMNS
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


def _cell(name: str, value: Any) -> str:
    if value is None:
        return ""
    if name.endswith("_at"):
        return str(value.isoformat())
    return safe_text(str(value)) if name in _TEXT else str(value)
