"""Exchange rates from a CSV file with the columns date, base, quote, bid, ask, source."""

import csv
import io
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, time
from typing import Final

from pricing.errors import PriceFileError
from pricing.rates import NewRate
from quant.money import InvalidAmount, parse_amount

COLUMNS: Final = ("date", "base", "quote", "bid", "ask", "source")


def parse_fx(content: bytes) -> list[NewRate]:
    """Read exchange rates.

    A date without a time means the end of that day in UTC, when a daily fixing is known for certain.

    Args:
        content: UTF-8 CSV with a header.

    Raises:
        PriceFileError: naming the line, if the file or any line of it cannot be read; rates are too few and
            too important to leave some out.
    """
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            raise PriceFileError(
                None, f"This is not a list of exchange rates: no column {', '.join(missing)}."
            )
        rates = list(_rates(reader))
    except (UnicodeDecodeError, csv.Error) as error:
        raise PriceFileError(None, f"The file is no CSV: {error}.") from error
    if not rates:
        raise PriceFileError(None, "The file holds no exchange rate.")
    return rates


def _rates(reader: "csv.DictReader[str]") -> Iterator[NewRate]:
    for record in reader:
        try:
            yield _rate(record)
        except (ValueError, InvalidAmount) as error:
            raise PriceFileError(None, f"Line {reader.line_num}: {error}.") from error


def _rate(record: Mapping[str, str | None]) -> NewRate:
    values = {name: (record[name] or "").strip() for name in COLUMNS}
    empty = [name for name, value in values.items() if not value]
    if empty or None in record:
        raise ValueError(f"column {empty[0]} is empty" if empty else "too many columns")
    return NewRate(
        base=values["base"].upper(),
        quote=values["quote"].upper(),
        bid=parse_amount(values["bid"]),
        ask=parse_amount(values["ask"]),
        source=values["source"],
        observed_at=_moment(values["date"]),
    )


def _moment(text: str) -> datetime:
    if len(text) == len("2026-11-20"):
        return datetime.combine(date.fromisoformat(text), time(23, 59, 59), tzinfo=UTC)
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone (add Z)")
    return moment
