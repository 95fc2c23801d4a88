"""Our own price list format (docs/csv-prices.md): one price per line. Distributors' lists map to it.

Amounts are read by one stated decimal mark and never guessed; ranges, exponents, NaN and more decimals than
the currency has are refused. Every line that cannot be used is reported with its number.
"""

import csv
import io
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from catalog.choices import Finish
from pricing.choices import Condition, PriceType
from pricing.errors import PriceFileError
from pricing.observations import Observation
from quant.money import InvalidAmount, UnknownCurrency, currency_exponent, parse_amount

from .parsed import ParsedPrices

REQUIRED: Final = ("source", "ident", "price", "currency")
OPTIONAL: Final = (
    "condition",
    "finish",
    "price_type",
    "seller_count",
    "available_quantity",
    "shipping_cost",
    "recorded_at",
)
DELIMITERS: Final = ",;\t"
MAX_FIELD: Final = 500
MAX_COUNT: Final = 1_000_000_000


class LineRefused(ValueError):
    """One line cannot be used; the message says which column and why."""


@dataclass(slots=True)
class _Line:
    values: Mapping[str, str]
    decimal_mark: str

    def text(self, column: str) -> str:
        return self.values.get(column, "")

    def choice(self, column: str, allowed: Iterable[str], default: str) -> str:
        text = self.text(column).lower()
        if text and text not in allowed:
            raise LineRefused(f"{column}: {text[:40]!r} is not one of {', '.join(allowed)}")
        return text or default

    def amount(self, column: str, currency: str) -> Decimal:
        try:
            amount = parse_amount(self.text(column), decimal_mark=self.decimal_mark)
        except InvalidAmount as error:
            raise LineRefused(f"{column}: {error}") from error
        if amount.normalize().as_tuple().exponent < -currency_exponent(currency):  # type: ignore[operator] # finite
            raise LineRefused(f"{column}: {self.text(column)!r} has more decimals than {currency}")
        if amount < 0:
            raise LineRefused(f"{column}: {self.text(column)!r} is negative")
        return amount

    def count(self, column: str) -> int | None:
        text = self.text(column)
        if not text:
            return None
        if not (text.isascii() and text.isdigit() and int(text) <= MAX_COUNT):
            raise LineRefused(f"{column}: {text[:40]!r} is no count")
        return int(text)


def parse_csv(content: bytes, *, decimal_mark: str = ".") -> list[ParsedPrices]:
    """Read a price list.

    Args:
        content: UTF-8 text, with or without a byte order mark; comma, semicolon or tab separated.
        decimal_mark: "." or ",", for every amount of the file.

    Returns:
        One element per `source` in the file, in order of first appearance; `recorded_at` is its latest one.
        Line problems stand with the source of their line, those without a source with the first.

    Raises:
        PriceFileError: if the file is not UTF-8, has no such header, or has no line at all.
    """
    by_source: dict[str, ParsedPrices] = {}
    problems: list[tuple[str, int, str]] = []
    lines = 0
    for number, values in _records(content):
        lines += 1
        code = values.get("source", "").lower()
        try:
            seen = _observation(_Line(values, decimal_mark))
        except LineRefused as error:
            problems.append((code, number, str(error)))
            continue
        parsed = by_source.setdefault(code, ParsedPrices(code, [], None, 0))
        parsed.rows_read += 1
        if seen.price == 0:
            parsed.skipped["no_price"] += 1
            continue
        parsed.observations.append(seen)  # type: ignore[attr-defined] # a list, made two lines above
        parsed.recorded_at = max(filter(None, (parsed.recorded_at, seen.recorded_at)), default=None)
    if not by_source:
        first = f": line {problems[0][1]}: {problems[0][2]}" if problems else ""
        raise PriceFileError(None, f"None of the {lines} lines could be read{first}.", {"lines": lines})
    fallback = next(iter(by_source.values()))
    for code, number, reason in problems:
        by_source.get(code, fallback).add_problem(number, reason)
    return list(by_source.values())


def _records(content: bytes) -> Iterable[tuple[int, Mapping[str, str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PriceFileError(None, f"The price list is not UTF-8 text: {error}.") from error
    header = text.split("\n", 1)[0]
    delimiter = max(DELIMITERS, key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        _check_header(names)
        for record in reader:
            if any(cell.strip() for cell in record):
                yield reader.line_num, _named(names, record)
    except csv.Error as error:
        raise PriceFileError(None, f"The price list is no CSV: line {reader.line_num}: {error}.") from error


def _named(names: list[str], record: list[str]) -> Mapping[str, str]:
    if len(record) != len(names):
        # the line is refused by its first check: a shifted column must not become a price
        return {"shape": f"{len(record)} columns instead of {len(names)}"}
    return {name: cell.replace("\u00a0", " ").strip() for name, cell in zip(names, record, strict=True)}


def _check_header(names: list[str]) -> None:
    missing = [name for name in REQUIRED if name not in names]
    unknown = [name for name in names if name not in REQUIRED + OPTIONAL]
    if missing:
        raise PriceFileError(None, f"This is not a price list: no column {', '.join(missing)}.")
    if unknown or len(set(names)) != len(names):
        raise PriceFileError(
            None, f"The price list has unknown or repeated columns: {', '.join(unknown or names)}."
        )


def _observation(line: _Line) -> Observation:
    if line.text("shape"):
        raise LineRefused(line.text("shape"))
    too_long = [name for name, value in line.values.items() if len(value) > MAX_FIELD]
    if too_long:
        raise LineRefused(f"{too_long[0]}: longer than {MAX_FIELD} characters")
    if not line.text("source"):
        raise LineRefused("source: empty")
    currency = line.text("currency").upper()
    try:
        currency_exponent(currency)
    except UnknownCurrency as error:
        raise LineRefused(f"currency: {currency[:40]!r} is unknown") from error
    name_space, external_id = _ident(line.text("ident"))
    return Observation(
        price=line.amount("price", currency),
        price_type=line.choice("price_type", PriceType.values, PriceType.MARKET.value),
        currency=currency,
        external_id=external_id,
        finish=line.choice("finish", Finish.values, ""),
        condition=line.choice("condition", Condition.values, ""),
        seller_count=line.count("seller_count"),
        available_quantity=line.count("available_quantity"),
        shipping_cost=line.amount("shipping_cost", currency) if line.text("shipping_cost") else None,
        recorded_at=_time(line.text("recorded_at")),
        name_space=name_space,
    )


def _ident(text: str) -> tuple[str, str]:
    name_space, colon, external_id = text.partition(":")
    if colon:
        if not name_space or not external_id or not name_space.isidentifier() or "\x00" in external_id:
            raise LineRefused(f"ident: {text[:60]!r} is neither an id nor source:external id")
        return name_space.lower(), external_id
    if not text or "\x00" in text:
        raise LineRefused("ident: empty")
    return ("id", str(UUID(text))) if _is_uuid(text) else ("", text)


def _is_uuid(text: str) -> bool:
    return len(text) == 36 and _reads(UUID, text)


def _reads(reader: Callable[[str], object], text: str) -> bool:
    try:
        reader(text)
    except ValueError:
        return False
    return True


def _time(text: str) -> datetime | None:
    if not text:
        return None
    if not _reads(datetime.fromisoformat, text):
        raise LineRefused(f"recorded_at: {text[:40]!r} is not an ISO 8601 time")
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise LineRefused(f"recorded_at: {text[:40]!r} has no time zone (add Z)")
    return moment
