"""A view of the list as CSV, read from a cursor of the server and sent while it is read."""

from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from django.http.response import HttpResponseBase
from rest_framework.request import Request

from common.api.csv import csv_stream

MAX_ROWS: Final = 100_000

COLUMNS: Final = {
    "id": "id",
    "status": "status",
    "product": "sealed_product__name",
    "set": "sealed_product__set_name",
    "set_code": "sealed_product__set_code",
    "category": "sealed_product__category",
    "kind": "sealed_product__sealed_kind",
    "buy_source": "buy_source__code",
    "sell_source": "sell_source__code",
    "currency": "currency",
    "sealed_price": "sealed_price",
    "total_cost": "total_cost",
    "singles_value": "singles_value",
    "gross_singles_value": "gross_singles_value",
    "net_profit": "net_profit",
    "margin_percentage": "margin_percentage",
    "naive_margin_percentage": "naive_margin_percentage",
    "probability_of_profit": "probability_of_profit",
    "confidence_score": "confidence_score",
    "risk_level": "risk_level",
    "seller_count": "seller_count",
    "competition_level": "competition_level",
    "coverage": "coverage",
    "flags": "flags",
    "needs_review": "needs_review",
    "oldest_price_at": "oldest_price_at",
    "expires_at": "expires_at",
    "created_at": "created_at",
    "updated_at": "updated_at",
    "is_demo": "sealed_product__is_demo",
}
"""Column of the file -> column of the database."""


def csv_answer(rows: Any, request: Request, *, now: datetime) -> HttpResponseBase:
    """Answer with a file of the rows, at most `MAX_ROWS`.

    Args:
        rows: filtered and ordered opportunities.
        request: of the caller.
        now: names the file.
    """
    found = rows.values_list(*COLUMNS.values())[:MAX_ROWS].iterator(chunk_size=2_000)
    return csv_stream(
        request, name=f"opportunities-{now:%Y%m%d-%H%M}.csv", header=tuple(COLUMNS), rows=map(_cells, found)
    )


def _cells(row: tuple[Any, ...]) -> list[str | Decimal | int | bool | None]:
    return [_cell(value) for value in row]


def _cell(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    if isinstance(value, list):
        return " ".join(value)
    return value
