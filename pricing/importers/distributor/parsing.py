"""Rows of a price list by a mapping: what can be used, what cannot and why."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, TypeVar

from pricing.importers.parsed import RowProblem

from . import cells
from .cells import CellRefused
from .columns import check_mapping
from .options import ListOptions
from .rows import PriceListRow, settle_cost
from .table import Cell, Table

FOOTERS: Final = ("total", "subtotal", "grand total", "sum", "page ", "prices subject", "terms")
T = TypeVar("T")


@dataclass(slots=True)
class ParsedPriceList:
    """The usable rows, the others with their reason, and what was left out on purpose (reason -> count)."""

    rows: list[PriceListRow] = field(default_factory=list)
    problems: list[RowProblem] = field(default_factory=list)
    skipped: Counter[str] = field(default_factory=Counter)


def parse_price_list(table: Table, *, mapping: Mapping[str, str], options: ListOptions) -> ParsedPriceList:
    """Read the rows of a price list.

    A row without a cost (allocation items) is kept, to be listed without a price. Rows that repeat a SKU with
    the same cost count once; with another cost none of them is believed.

    Raises:
        PriceFileError: if the mapping does not fit the table (see `check_mapping`).
    """
    at = {
        column: table.headers.index(header)
        for column, header in check_mapping(mapping, table.headers).items()
    }
    parsed = ParsedPriceList()
    for number, row in enumerate(table.rows, table.first_row):
        line = _Line(number, {column: row[index] for column, index in at.items()}, options)
        if line.is_empty:
            parsed.skipped["empty_row"] += 1
        elif line.is_footer:
            parsed.skipped["footer"] += 1
        else:
            try:
                parsed.rows.append(line.read())
            except CellRefused as error:
                parsed.problems.append(RowProblem(number, str(error)))
    _drop_contradictions(parsed)
    return parsed


@dataclass(slots=True)
class _Line:
    number: int
    values: Mapping[str, Cell]
    options: ListOptions

    @property
    def is_empty(self) -> bool:
        return all(cell is None for cell in self.values.values())

    @property
    def is_footer(self) -> bool:
        names = [cells.text_of(self.values.get(column)).lower() for column in ("sku", "gtin", "name")]
        if any(name.startswith(FOOTERS) for name in names) and not (names[0] and names[2]):
            return True
        return not names[0] and not names[1] and not names[2]

    def read(self) -> PriceListRow:
        """Return the row, or raise `CellRefused` naming the column."""
        gtin = self._cell("gtin", cells.gtin_of)
        sku = cells.text_of(self.values.get("sku"), limit=60) or gtin
        name = cells.text_of(self.values.get("name"))
        if not sku or not name:
            raise CellRefused("no SKU or UPC" if not sku else "no name")
        currency = cells.currency_of(self.values.get("currency"), default=self.options.currency)
        case_quantity, _ = self._cell("case_quantity", cells.count_of)
        available, is_open = self._cell("available_quantity", cells.count_of)
        minimum, _ = self._cell("minimum_quantity", cells.count_of)
        return PriceListRow(
            number=self.number,
            sku=sku,
            gtin=gtin,
            name=name,
            set_name=cells.text_of(self.values.get("set_name"), limit=100),
            category=cells.game_of(self.values.get("game")) or cells.game_of(name),
            product_type=cells.text_of(self.values.get("product_type"), limit=60),
            case_quantity=case_quantity or None,
            cost=settle_cost(
                unit=self._amount("unit_cost", currency),
                case=self._amount("case_cost", currency),
                plain=self._amount("cost", currency),
                case_quantity=case_quantity,
                plain_is_for=self.options.cost_is_for,
            ),
            msrp=self._amount("msrp", currency),
            currency=currency,
            minimum_quantity=minimum,
            available_quantity=available,
            is_quantity_open=is_open,
            released_on=self._cell("released_on", cells.date_of),
            order_cutoff=self._cell("order_cutoff", cells.date_of),
            status=cells.text_of(self.values.get("status"), limit=60),
        )

    def _amount(self, column: str, currency: str) -> Decimal | None:
        def read(cell: Cell) -> Decimal | None:
            return cells.amount_of(cell, decimal_mark=self.options.decimal_mark, currency=currency)

        return self._cell(column, read)

    def _cell(self, column: str, read: Callable[[Cell], T]) -> T:
        try:
            return read(self.values.get(column))
        except CellRefused as error:
            raise CellRefused(f"{column}: {error}") from error


def _drop_contradictions(parsed: ParsedPriceList) -> None:
    """Keep the first of equal rows of one SKU; refuse all of a SKU that states two costs."""
    by_sku: dict[str, PriceListRow] = {}
    contradicted: set[str] = set()
    for row in parsed.rows:
        first = by_sku.setdefault(row.sku, row)
        if first is row:
            continue
        if (first.cost, first.currency) == (row.cost, row.currency):
            parsed.skipped["repeated_row"] += 1
        else:
            contradicted.add(row.sku)
            reason = f"sku: {row.sku!r} is also in row {first.number}, at another cost"
            parsed.problems.append(RowProblem(row.number, reason))
    for sku in contradicted:
        first = by_sku.pop(sku)
        parsed.problems.append(RowProblem(first.number, f"sku: {sku!r} stands in other rows at other costs"))
    parsed.rows = list(by_sku.values())
