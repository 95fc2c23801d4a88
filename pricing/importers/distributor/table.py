"""The file as a table: CSV in any usual encoding and delimiter, or the first sheet of an XLSX workbook."""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final, TypeVar
from zipfile import BadZipFile

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from pricing.errors import PriceFileError

from .columns import known_headers

MAX_FILE_BYTES: Final = 10_000_000
MAX_UNPACKED_BYTES: Final = 30_000_000
MAX_ROWS: Final = 20_000  # a list is read while somebody waits for the page
MAX_COLUMNS: Final = 100
HEADER_WITHIN: Final = 20  # lists begin with a title, an address, a date
LEAST_KNOWN_HEADERS: Final = 2
ENCODINGS: Final = ("utf-8-sig", "cp1252")
UTF16_MARKS: Final = (b"\xff\xfe", b"\xfe\xff")  # "Unicode text" of a spreadsheet
DELIMITERS: Final = ",;\t|"
_ZIP_MAGIC: Final = b"PK\x03\x04"

# an XML parser's errors are SyntaxErrors
_UNREADABLE: Final = (
    BadZipFile, InvalidFileException, KeyError, ValueError, IndexError, TypeError, AttributeError,
    SyntaxError, OSError, EOFError,
)  # fmt: skip
_UNPACKED_MB: Final = MAX_UNPACKED_BYTES // 1_000_000

Cell = str | Decimal | date | None
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Table:
    """Headers and rows; `first_row` is the file's own number of the first row, for messages.

    Rows are as long as the headers. Text is stripped, empty cells are None, numbers of a workbook are exact
    decimals of what it shows.
    """

    headers: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    first_row: int


def read_table(content: bytes) -> Table:
    """Read a price list's cells and find its header row.

    Args:
        content: the file; XLSX is told by its first bytes.

    Raises:
        PriceFileError: if it is too large, neither kind, corrupt, has no header row or no row below it.
    """
    if len(content) > MAX_FILE_BYTES:
        raise PriceFileError(None, f"The price list is larger than {MAX_FILE_BYTES // 1_000_000} MB.")
    if not content.strip():
        raise PriceFileError(None, "The price list is empty.")
    lines = _workbook(content) if content.startswith(_ZIP_MAGIC) else _text(content)
    table: list[list[Cell]] = []
    for line in lines:
        if len(table) >= MAX_ROWS:
            raise PriceFileError(None, f"The price list has more than {MAX_ROWS:,} rows.")
        table.append(line)
    at = _header_row(table)
    headers = _headers(table[at])
    rows = tuple(_padded(line, len(headers)) for line in table[at + 1 :])
    if not any(cell is not None for row in rows for cell in row):
        raise PriceFileError(None, "The price list has a header and no rows.")
    return Table(headers, rows, first_row=at + 2)


def _text(content: bytes) -> Iterator[list[Cell]]:
    text = _decoded(content)
    sample = text[:20_000]
    delimiter = max(DELIMITERS, key=sample.count)
    try:
        for line in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            yield [_clean(cell) for cell in _trimmed(line)]
    except csv.Error as error:
        raise PriceFileError(None, f"The price list is no CSV file: {error}.") from error


def _decoded(content: bytes) -> str:
    is_wide = content.startswith(UTF16_MARKS)
    if b"\x00" in content and not is_wide:
        raise PriceFileError(None, "This is neither a CSV file nor an XLSX workbook.")
    for encoding in ("utf-16",) if is_wide else ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise PriceFileError(None, f"The price list's text is none of {', '.join(ENCODINGS)}.")


def _workbook(content: bytes) -> Iterator[list[Cell]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            if sum(entry.file_size for entry in packed.infolist()) > MAX_UNPACKED_BYTES:
                raise PriceFileError(None, f"The workbook unpacks to more than {_UNPACKED_MB} MB.")
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except _UNREADABLE as error:
        raise PriceFileError(None, "The workbook is corrupt, or no XLSX file.") from error
    try:
        for line in book.worksheets[0].iter_rows(values_only=True):
            yield [_typed(cell) for cell in _trimmed(list(line))]
    except _UNREADABLE as error:
        raise PriceFileError(None, "The workbook's first sheet cannot be read.") from error
    finally:
        book.close()


def _typed(cell: object) -> Cell:
    if cell is None or isinstance(cell, bool):
        return None
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float):
        return Decimal(str(cell))  # the shortest text of a float is what the sheet shows
    return _clean(str(cell))


def _clean(text: str) -> str | None:
    return " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split()) or None


def _header_row(table: Iterable[list[Cell]]) -> int:
    """Return the index of the row that names most columns we know; the earliest of equals."""
    best, best_known = -1, LEAST_KNOWN_HEADERS - 1
    for index, line in enumerate(table):
        if index >= HEADER_WITHIN:
            break
        known = known_headers(cell for cell in line if isinstance(cell, str))
        if known > best_known:
            best, best_known = index, known
    if best < 0:
        raise PriceFileError(
            None,
            "None of the first 20 rows is a header with columns such as SKU, name and cost.",
        )
    return best


def _headers(line: list[Cell]) -> tuple[str, ...]:
    """Return unique, non-empty headers; a repeated or missing one gets its column's number."""
    seen: set[str] = set()
    headers = []
    for number, cell in enumerate(_trimmed(line), 1):
        text = str(cell)[:80] if cell is not None else f"column {number}"
        while text in seen:
            text = f"{text} ({number})"
        seen.add(text)
        headers.append(text)
    return tuple(headers)


def _is_blank(cell: object) -> bool:
    return cell is None or not str(cell).strip()


def _trimmed(line: list[T]) -> list[T]:
    """Return a line without the empty cells at its end: one pass, however many there are."""
    end = next((at for at in range(len(line), 0, -1) if not _is_blank(line[at - 1])), 0)
    if end > MAX_COLUMNS:
        raise PriceFileError(None, f"The price list has more than {MAX_COLUMNS} columns.")
    return line[:end]


def _padded(line: list[Cell], width: int) -> tuple[Cell, ...]:
    return tuple(line[:width]) + (None,) * (width - len(line))
