"""What TCGplayer's site tells of sales: the price history by day, and the latest single sales. Pure.

In the history every number is a string, days are bare dates and `result` may be null. The two overlap, so
only one of them is used: the history where there is one, else the days that the latest sales show whole.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date
from decimal import Decimal
from typing import Final

import msgspec

from pricing.choices import Condition
from scrapers.errors import UnreadableAnswer
from scrapers.records import Sale
from scrapers.venues.numbers import count_or_none, id_text, price_or_none

from .site_answers import refuse_errors
from .vocabulary import CONDITIONS, ENGLISH, finish_of

DAY: Final = "day"  # reference of a daily total
RANGE: Final = "month"  # the only range whose buckets are days

Price = Decimal | None


class Bucket(msgspec.Struct):
    """What was sold on one day."""

    bucketStartDate: str  # noqa: N815 - the venue's own field names
    quantitySold: Price = None  # noqa: N815
    marketPrice: Price = None  # noqa: N815


class HistoryRow(msgspec.Struct):
    """One SKU's days."""

    skuId: Decimal  # noqa: N815
    variant: str
    language: str
    condition: str
    buckets: list[Bucket] = []


class History(msgspec.Struct):
    """The envelope."""

    result: list[HistoryRow] | None


class LatestSale(msgspec.Struct):
    """One sale; shipping is not part of the price."""

    condition: str
    variant: str
    language: str
    quantity: Decimal
    orderDate: str  # noqa: N815
    purchasePrice: Price = None  # noqa: N815


class LatestSales(msgspec.Struct):
    """The envelope; `nextPage` is empty on the last page."""

    data: list[LatestSale]
    nextPage: str | None = ""  # noqa: N815


def parse_history(body: bytes, *, skus: Collection[str], today: date) -> tuple[Sale, ...] | None:
    """Return the daily English sales of a product by version and condition; None if there is no history.

    Args:
        body: the JSON document. It does not name the product, only its SKUs.
        skus: the product's SKUs, as its details state them; rows of others are left out.
        today: later days are left out.

    Raises:
        UnreadableAnswer, RequestRejected: if the answer is of another shape, or says what is wrong.
    """
    refuse_errors(body, name="price history")
    try:
        history = msgspec.json.decode(body, type=History)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise UnreadableAnswer(detail=f"price history: not TCGplayer's answer: {error}.") from error
    if history.result is None:
        return None
    found: dict[tuple[str, str, date], Sale] = {}
    for row in history.result:
        form = _form(row.variant, row.condition)
        if form is None or row.language != ENGLISH or id_text(row.skuId, name="skuId") not in skus:
            continue
        for sale in _daily(row.buckets, form, today):
            found.setdefault((sale.finish, sale.condition, sale.sold_on), sale)
    return tuple(found.values())


def _daily(buckets: list[Bucket], form: tuple[str, str], today: date) -> Iterator[Sale]:
    for bucket in buckets:
        day, units = _day(bucket.bucketStartDate), count_or_none(bucket.quantitySold)
        if units and day <= today:
            yield Sale(DAY, day, units, price_or_none(bucket.marketPrice), *form)


def parse_latest_sales(body: bytes, *, today: date) -> tuple[Sale, ...]:
    """Return the days that the latest sales show whole, as daily totals with their average price.

    Unless the answer is the last page, its oldest day may go on in the next one and is left out.

    Raises:
        UnreadableAnswer, RequestRejected: if the answer is of another shape, or says what is wrong.
    """
    refuse_errors(body, name="latest sales")
    try:
        latest = msgspec.json.decode(body, type=LatestSales)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise UnreadableAnswer(detail=f"latest sales: not TCGplayer's answer: {error}.") from error
    days = [_day(sale.orderDate[:10]) for sale in latest.data]
    cut = min(days) if days and latest.nextPage else None
    totals: dict[tuple[date, str, str], list[tuple[int, Decimal]]] = defaultdict(list)
    for day, sale in zip(days, latest.data, strict=True):
        form = _form(sale.variant, sale.condition)
        units, price = count_or_none(sale.quantity), price_or_none(sale.purchasePrice)
        if form and units and price and day != cut and day <= today and sale.language == ENGLISH:
            totals[day, *form].append((units, price))
    return tuple(
        Sale(DAY, day, sum(units for units, _ in sold), _average(sold), finish, condition)
        for (day, finish, condition), sold in totals.items()
    )


def _average(sold: list[tuple[int, Decimal]]) -> Decimal:
    paid = sum((units * price for units, price in sold), Decimal(0))
    return (paid / sum(units for units, _ in sold)).quantize(Decimal("0.01"))


def _form(variant: str, condition: str) -> tuple[str, str] | None:
    known = CONDITIONS.get(condition)
    finish = finish_of(variant, is_sealed=known is Condition.UNOPENED)
    return None if known is None or finish is None else (finish, known.value)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UnreadableAnswer(detail=f"{text[:40]!r} is no day.") from error
