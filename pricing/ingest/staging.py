"""First step of an ingest: COPY observations into a temporary table, repeated text as a small number."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Final
from uuid import UUID

import psycopg
from django.db.backends.utils import CursorWrapper

from catalog.choices import Finish
from common.bulk import copy_rows, stage
from pricing.choices import Condition, PriceType
from pricing.errors import BatchRefused
from pricing.observations import Observation
from quant.money import UnknownCurrency, currency_exponent

Form = tuple[str, str, str, str]  # finish, condition, price type, currency
StagedRow = tuple[int, int, str, Decimal, int | None, int | None, Decimal | None, datetime | None]

# 1e999999 is legal in JSON and overflows even PostgreSQL's numeric: such a price is counted as out of range
MIN_MAGNITUDE: Final = -20
MAX_MAGNITUDE: Final = 20
IMPOSSIBLE: Final = Decimal(-1)

STAGED_COLUMNS = (
    "line",
    "form",
    "article",
    "price",
    "seller_count",
    "available_quantity",
    "shipping_cost",
    "recorded_at",
)
_STAGED_SQL = (
    "line integer, form smallint, article text, price numeric, seller_count bigint,"
    " available_quantity bigint, shipping_cost numeric, recorded_at timestamptz"
)
_FORMS_SQL = "form smallint, finish text, condition text, price_type text, currency text"


def stage_observations(cursor: CursorWrapper, observations: Iterable[Observation]) -> int:
    """Copy observations into the temporary tables `staged_prices` and `staged_forms`.

    An article is written as `#` and its product key, or as name space, `=` and external id.

    Returns:
        How many observations were staged.

    Raises:
        BatchRefused: for an observation without exactly one article, a naive time, or a finish, condition,
            price type or currency that does not exist.
    """
    forms: dict[Form, int] = {}
    stage(cursor, "staged_prices", _STAGED_SQL)
    stage(cursor, "staged_forms", _FORMS_SQL)
    try:
        count = copy_rows(cursor, "staged_prices", STAGED_COLUMNS, _rows(observations, forms))
    except psycopg.DataError as error:
        raise BatchRefused(
            "unusable_value", f"A value cannot be stored: {error.diag.message_primary}."
        ) from error
    copy_rows(
        cursor,
        "staged_forms",
        ("form", "finish", "condition", "price_type", "currency"),
        ((number, *form) for form, number in forms.items()),
    )
    cursor.execute("ANALYZE staged_prices (article, form)")
    return count


def _rows(observations: Iterable[Observation], forms: dict[Form, int]) -> Iterator[StagedRow]:
    number_of = forms.get
    for line, seen in enumerate(observations, 1):
        form = (seen.finish, seen.condition, seen.price_type, seen.currency)
        number = number_of(form)
        if number is None:
            number = forms[form] = _checked(form, len(forms) + 1)
        if seen.recorded_at is not None and seen.recorded_at.tzinfo is None:
            raise BatchRefused("naive_time", f"Observation {line} has a time without a zone.")
        price = seen.price
        yield (
            line,
            number,
            _article(seen, line),
            price if MIN_MAGNITUDE < price.adjusted() < MAX_MAGNITUDE else IMPOSSIBLE,
            seen.seller_count,
            seen.available_quantity,
            seen.shipping_cost,
            seen.recorded_at,
        )


def _article(seen: Observation, line: int) -> str:
    if seen.external_id is None:
        if seen.product_key is None:
            raise BatchRefused("no_article", f"Observation {line} names no article.")
        return f"#{seen.product_key}"
    if seen.product_key is not None:
        raise BatchRefused("two_articles", f"Observation {line} names an article twice.")
    if "\x00" in seen.external_id:
        raise BatchRefused("bad_identifier", f"Observation {line} has a NUL character in its identifier.")
    if seen.name_space and not _is_possible(seen.name_space, seen.external_id):
        raise BatchRefused("bad_identifier", f"Observation {line} has an impossible identifier.")
    return f"{seen.name_space}={seen.external_id}"


def _is_possible(name_space: str, external_id: str) -> bool:
    if name_space == "id":
        try:
            UUID(external_id)
        except ValueError:
            return False
    return "=" not in name_space and "#" not in name_space and "\x00" not in name_space


def _checked(form: Form, number: int) -> int:
    finish, condition, price_type, currency = form
    refuse = partial(BatchRefused, "unknown_value")
    if finish and finish not in Finish.values:
        raise refuse(f"Unknown finish: {finish!r}.")
    if condition and condition not in Condition.values:
        raise refuse(f"Unknown condition: {condition!r}.")
    if price_type not in PriceType.values:
        raise refuse(f"Unknown price type: {price_type!r}.")
    try:
        currency_exponent(currency)
    except UnknownCurrency as error:
        raise BatchRefused("unknown_currency", f"Unknown currency: {currency!r}.") from error
    return number
