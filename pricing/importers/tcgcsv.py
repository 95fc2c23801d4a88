"""tcgcsv.com, the daily mirror of TCGplayer's catalogue: products and prices per group, in USD.

A price row is keyed by product and sub-type (`subTypeName`: the version of the card). `lowPrice` is for any
condition without shipping, `midPrice` the median listing, `marketPrice` from sales and null when there are
too few; `highPrice` is a parked price nobody pays and is ignored. The files carry no date: an archive's
folder name does (`2026-11-20/3/3170/prices`), otherwise the caller must know it. A file's modification time
is no evidence, because copying and unpacking change it.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Final

import msgspec

from catalog.choices import Finish
from pricing.choices import PriceType
from pricing.errors import PriceFileError
from pricing.observations import Observation
from quant.money import InvalidAmount, parse_amount

from .parsed import ParsedPrices

SOURCE: Final = "tcgplayer"
CURRENCY: Final = "USD"
REFRESHED_AT: Final = time(20, 0, tzinfo=UTC)  # the mirror is refreshed about then

# Sub-types that are a finish of the same article; others are counted by name and not stored.
FINISHES: Final[Mapping[str, Finish]] = {
    "Normal": Finish.NONFOIL,
    "Unlimited": Finish.NONFOIL,
    "Foil": Finish.FOIL,
    "Holofoil": Finish.FOIL,
    "Unlimited Holofoil": Finish.FOIL,
    "Reverse Holofoil": Finish.REVERSE,
    "1st Edition": Finish.FIRST_EDITION,
    "1st Edition Holofoil": Finish.FIRST_EDITION_FOIL,
    "Etched Foil": Finish.ETCHED,
    "Foil Etched": Finish.ETCHED,
}
# Printings that are the plain version of the articles which have no other plain version.
STAND_INS: Final[Mapping[str, Finish]] = {"Limited": Finish.NONFOIL}
STATISTICS: Final = (
    ("lowPrice", PriceType.LOW.value),
    ("midPrice", PriceType.MID.value),
    ("marketPrice", PriceType.MARKET.value),
    ("directLowPrice", PriceType.DIRECT_LOW.value),
)
MAX_SUB_TYPES: Final = 50  # counted by name; a file with more is not what it says it is
CSV_NAME: Final = "ProductsAndPrices.csv"
_CSV_COLUMNS: Final = ("productId", "subTypeName", *(name for name, _ in STATISTICS))

Price = Decimal | None


class Envelope(msgspec.Struct):
    """What every answer is wrapped in; rows stay raw so that one bad row costs one row."""

    success: bool
    results: list[msgspec.Raw]
    errors: list[object] = []


class PriceRow(msgspec.Struct, gc=False):
    """One sub-type of one product."""

    productId: int  # noqa: N815 - the venue's own field names
    subTypeName: str  # noqa: N815
    lowPrice: Price = None  # noqa: N815
    midPrice: Price = None  # noqa: N815
    marketPrice: Price = None  # noqa: N815
    directLowPrice: Price = None  # noqa: N815


class ProductRow(msgspec.Struct):
    """As much of a product as tells it from a price."""

    productId: int  # noqa: N815
    name: str


_envelope_decoder: Final = msgspec.json.Decoder(Envelope)
_price_decoder: Final = msgspec.json.Decoder(PriceRow)
_product_decoder: Final = msgspec.json.Decoder(ProductRow)


def parse_tcgcsv(contents: Mapping[Path, bytes]) -> ParsedPrices:
    """Read the files of one or more groups.

    Args:
        contents: path -> content of price files (JSON), product files (JSON, only counted) and
            ProductsAndPrices.csv files, in any mixture.

    Returns:
        Observations in file order; `rows_read` counts price rows. `skipped` counts empty statistics as
        `no_price`, sub-types without a finish as `sub_type: <name>`, and products nobody quotes as
        `product_without_price`. A bad row is a problem numbered within its file (for CSV the line).

    Raises:
        PriceFileError: if a file is truncated, corrupt, of another shape, or says `success: false`, if there
            is no price file, or if the folders name two dates.
    """
    parsed = ParsedPrices(source=SOURCE, observations=(), recorded_at=_folder_date(contents), rows_read=0)
    rows: list[PriceRow] = []
    products: set[int] = set()
    price_files = 0
    for path, content in contents.items():
        is_csv = content.lstrip()[:1] != b"{"
        found = list(
            _csv_rows(path, content, parsed) if is_csv else _json_rows(path, content, parsed, products)
        )
        price_files += is_csv or bool(found)
        rows.extend(found)
    if not price_files:
        raise PriceFileError(None, "There are no tcgcsv prices in these files, only products.")
    parsed.rows_read = len(rows)
    unpriced = products - {row.productId for row in rows}
    if unpriced:
        parsed.skipped["product_without_price"] = len(unpriced)
    parsed.observations = list(_observations(rows, parsed))
    return parsed


def parse_group_prices(content: bytes, *, name: str, recorded_at: datetime) -> ParsedPrices:
    """Read the price file of one group as the mirror serves it; a group without prices is an empty result.

    Args:
        content: the JSON document.
        name: of the group, for messages.
        recorded_at: when the mirror was refreshed: the file does not say.

    Returns:
        As `parse_tcgcsv`.

    Raises:
        PriceFileError: if it is truncated, corrupt, of another shape, or says `success: false`.
    """
    parsed = ParsedPrices(source=SOURCE, observations=(), recorded_at=recorded_at, rows_read=0)
    rows = list(_json_rows(Path(name), content, parsed, set()))
    parsed.rows_read = len(rows)
    parsed.observations = list(_observations(rows, parsed))
    return parsed


def finishes_by_product(parsed: ParsedPrices) -> dict[str, tuple[str, ...]]:
    """Return the finishes that prices name for each product id, in order of appearance."""
    found: dict[str, dict[str, None]] = {}
    for seen in parsed.observations:
        found.setdefault(seen.external_id or "", {})[seen.finish] = None
    return {product: tuple(finishes) for product, finishes in found.items()}


def _observations(rows: list[PriceRow], parsed: ParsedPrices) -> Iterator[Observation]:
    plain = {row.productId for row in rows if FINISHES.get(row.subTypeName) == Finish.NONFOIL}
    for row in rows:
        finish = FINISHES.get(row.subTypeName)
        if finish is None and row.productId not in plain:
            finish = STAND_INS.get(row.subTypeName)
        if finish is None:
            parsed.skipped[_sub_type(row.subTypeName, parsed)] += 1
            continue
        for field, price_type in STATISTICS:
            price = getattr(row, field)
            if price and price.is_finite():
                yield Observation(price, price_type, CURRENCY, str(row.productId), None, finish.value)
            else:
                parsed.skipped["no_price"] += 1


def _sub_type(name: str, parsed: ParsedPrices) -> str:
    reason = f"sub_type: {name[:40]}"
    return reason if reason in parsed.skipped or len(parsed.skipped) < MAX_SUB_TYPES else "sub_type: others"


def _json_rows(path: Path, content: bytes, parsed: ParsedPrices, products: set[int]) -> Iterator[PriceRow]:
    envelope = _envelope(path, content)
    for number, raw in enumerate(envelope.results, 1):
        try:
            yield _price_decoder.decode(raw)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            product = _as_product(raw)
            if product is None:
                parsed.add_problem(number, f"{path.name}: {error}")
            else:
                products.add(product.productId)


def _envelope(path: Path, content: bytes) -> Envelope:
    try:
        envelope = _envelope_decoder.decode(content)
    except msgspec.ValidationError as error:
        raise PriceFileError(None, f"{path}: this is not a tcgcsv file: {error}.") from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise PriceFileError(None, f"{path}: truncated or corrupt: {error}.") from error
    if not envelope.success:
        raise PriceFileError(None, f"{path}: the file holds an error instead of data: {envelope.errors}.")
    return envelope


def _as_product(raw: msgspec.Raw) -> ProductRow | None:
    try:
        return _product_decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None


def _csv_rows(path: Path, content: bytes, parsed: ParsedPrices) -> Iterator[PriceRow]:
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        missing = [name for name in _CSV_COLUMNS if name not in (reader.fieldnames or ())]
        if missing:
            raise PriceFileError(None, f"{path}: this is not a tcgcsv file: no column {', '.join(missing)}.")
        for record in reader:
            try:
                yield _csv_row(record)
            except (ValueError, TypeError) as error:
                parsed.add_problem(reader.line_num, f"{path.name}: {error}")
    except (UnicodeDecodeError, csv.Error) as error:
        raise PriceFileError(None, f"{path}: truncated or corrupt: {error}.") from error


def _csv_row(record: Mapping[str, str | None]) -> PriceRow:
    product = record["productId"] or ""
    if not re.fullmatch(r"[0-9]{1,18}", product):
        raise ValueError(f"productId is no number: {product[:40]!r}")
    prices: dict[str, Decimal | None] = {}
    for name, _ in STATISTICS:
        text = (record[name] or "").strip()
        try:
            prices[name] = parse_amount(text) if text else None
        except InvalidAmount as error:
            raise ValueError(f"{name}: {error}") from error
    return PriceRow(int(product), record["subTypeName"] or "", **prices)


def _folder_date(contents: Mapping[Path, bytes]) -> datetime | None:
    found = {
        part for path in contents for part in path.parts if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", part)
    }
    if len(found) > 1:
        raise PriceFileError(
            None, f"The folders name several dates: {', '.join(sorted(found))}; import one at a time."
        )
    for text in found:
        try:
            return datetime.combine(datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC), REFRESHED_AT)
        except ValueError as error:
            raise PriceFileError(None, f"The folder {text} names no date.") from error
    return None
