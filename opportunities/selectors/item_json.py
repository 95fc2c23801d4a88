"""A list's items as JSON made by PostgreSQL: what the serializer says, without a Python object a row."""

from collections.abc import Collection
from functools import lru_cache
from typing import Final


def _time(column: str) -> str:
    """Return ISO 8601 with Z; microseconds only where there are some."""
    shape = """'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'"""
    return f"replace(to_char({column} AT TIME ZONE 'UTC', {shape}), '.000000Z', 'Z')"


def _text(column: str) -> str:
    return f"{column}::text"


_PRODUCT: Final = """json_build_object('id', p.id, 'name', p.name, 'set_name', p.set_name,
 'set_code', p.set_code, 'category', p.category, 'sealed_kind', p.sealed_kind,
 'image_url', p.image_url, 'is_demo', p.is_demo)"""

_PLAIN: Final = (
    "id", "kind", "status", "policy", "currency", "lines_counted", "risk_level", "seller_count",
    "competition_level", "needs_review", "revision",
)  # fmt: skip
_DECIMALS: Final = (
    "sealed_price", "total_cost", "singles_value", "gross_singles_value", "net_profit", "margin_percentage",
    "naive_margin_percentage", "coverage", "probability_of_profit", "confidence_score", "rank_score",
)  # fmt: skip
_TIMES: Final = ("oldest_price_at", "expires_at", "created_at", "updated_at")

EXPRESSIONS: Final[dict[str, str]] = {
    **{name: f"o.{name}" for name in _PLAIN},
    **{name: _text(f"o.{name}") for name in _DECIMALS},
    **{name: _time(f"o.{name}") for name in _TIMES},
    "sealed_product": _PRODUCT,
    "buy_source": "b.code",
    "sell_source": "s.code",
    "flags": "to_json(o.flags)",
    "quote_version": "o.revision::text",
}
"""Item field -> SQL. A test holds every one of them against the serializer."""


@lru_cache(maxsize=256)
def item_sql(fields: tuple[str, ...]) -> str:
    """Return the SQL expression of one item with the given fields, in their order.

    Raises:
        KeyError: for an unknown field.
    """
    pairs = ", ".join(f"'{name}', {EXPRESSIONS[name]}" for name in fields)
    return f"json_build_object({pairs})"


@lru_cache(maxsize=256)
def source_sql(fields: tuple[str, ...]) -> str:
    """Return the joins these fields need, beside `o`."""
    joins = []
    if _needs("sealed_product", fields):
        joins.append("JOIN products p ON p.id = o.sealed_product_id")
    if _needs("buy_source", fields):
        joins.append("JOIN price_sources b ON b.id = o.buy_source_id")
    if _needs("sell_source", fields):
        joins.append("JOIN price_sources s ON s.id = o.sell_source_id")
    return " ".join(joins)


def _needs(name: str, fields: Collection[str]) -> bool:
    return name in fields
