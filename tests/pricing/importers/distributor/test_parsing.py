"""Rows by a mapping, and the costly mistake: a case bought as a box."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.errors import PriceFileError
from pricing.importers.distributor import (
    CostIsFor,
    ListOptions,
    check_mapping,
    guess_mapping,
    parse_price_list,
    read_table,
)
from pricing.importers.distributor.rows import settle_cost

USD = ListOptions(currency="USD")


def parsed(text: str, options: ListOptions = USD):
    table = read_table(text.encode())
    return parse_price_list(table, mapping=guess_mapping(table.headers), options=options)


def test_a_whole_row():
    rows = parsed(
        "SKU,UPC,Name,Game,Set,Type,Case Pack,Unit Cost,Case Cost,MSRP,Currency,MOQ,Available,Release Date,"
        "Order By,Status\n"
        'A1,012345678905,Moon Play Booster Box,Magic,Moon,Booster,6,"$1,089.90","$6,539.40",$1499.00,USD,1,'
        "12+,2027-03-05,2027-01-15,Preorder\n"
    ).rows

    assert len(rows) == 1
    row = rows[0]
    assert (row.sku, row.gtin, row.name, row.category) == (
        "A1",
        "012345678905",
        "Moon Play Booster Box",
        "mtg",
    )
    assert (row.cost.unit, row.cost.case, row.cost.doubt) == (Decimal("1089.90"), Decimal("6539.40"), "")
    assert (row.case_quantity, row.minimum_quantity) == (6, 1)
    assert (row.available_quantity, row.is_quantity_open) == (12, True)
    assert (str(row.released_on), str(row.order_cutoff), row.status) == (
        "2027-03-05",
        "2027-01-15",
        "Preorder",
    )


def test_footers_blank_lines_and_repetitions_are_counted_and_left_out():
    found = parsed(
        "SKU,Name,Unit Cost\nA1,Moon Box,10\n,,\nA1,Moon Box,10\nTotal,,20\n,Prices subject to change,\n"
    )

    assert [row.sku for row in found.rows] == ["A1"]
    assert found.skipped == {"empty_row": 1, "repeated_row": 1, "footer": 2}
    assert not found.problems


def test_a_sku_with_two_costs_is_not_believed():
    found = parsed("SKU,Name,Unit Cost\nA1,Moon Box,10\nA2,Sun Box,9\nA1,Moon Box,60\n")

    assert [row.sku for row in found.rows] == ["A2"]
    assert sorted(problem.row for problem in found.problems) == [2, 4]


def test_allocation_items_are_kept_without_a_cost():
    found = parsed("SKU,Name,Unit Cost,Available\nA1,Moon Box,,Call\n")

    assert found.rows[0].cost.unit is None
    assert found.rows[0].available_quantity is None


def test_a_bad_cell_costs_its_row_and_is_named():
    found = parsed("SKU,UPC,Name,Unit Cost\nA1,8.20651E+11,Moon Box,10\nA2,,Sun Box,10-12\nA3,,Star Box,9\n")

    assert [row.sku for row in found.rows] == ["A3"]
    assert [(problem.row, problem.reason.split(":")[0]) for problem in found.problems] == [
        (2, "gtin"), (3, "unit_cost"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("facts", "unit", "is_clear"),
    [
        ({"unit": "90"}, "90", True),
        ({"case": "540", "case_quantity": 6}, "90", True),
        ({"case": "500", "case_quantity": 6}, "83.34", True),  # rounded up: a cost is not understated
        ({"case": "540"}, "540", False),
        ({"plain": "540"}, "540", False),
        ({"plain": "540", "case_quantity": 6}, "540", False),
        ({"plain": "90", "case_quantity": 1}, "90", True),
        ({"plain": "90", "plain_is_for": CostIsFor.UNIT}, "90", True),
        ({"plain": "540", "plain_is_for": CostIsFor.CASE, "case_quantity": 6}, "90", True),
        ({"plain": "540", "plain_is_for": CostIsFor.CASE}, "540", False),
        ({"unit": "90", "case": "530", "case_quantity": 6}, "90", True),
        ({"unit": "540", "case": "540", "case_quantity": 6}, "540", False),
        ({"unit": "540", "case": "90"}, "540", False),
        ({}, None, True),
    ],
)
def test_what_one_box_costs(facts, unit, is_clear):
    amounts = {name: Decimal(facts[name]) for name in ("unit", "case", "plain") if name in facts}
    cost = settle_cost(
        unit=amounts.get("unit"),
        case=amounts.get("case"),
        plain=amounts.get("plain"),
        case_quantity=facts.get("case_quantity"),
        plain_is_for=facts.get("plain_is_for", CostIsFor.UNKNOWN),
    )

    assert cost.unit == (None if unit is None else Decimal(unit))
    assert (cost.doubt == "") is is_clear


@given(
    unit=st.decimals("0.01", "5000", places=2),
    quantity=st.integers(2, 48),
    share=st.decimals("0.5", "2", places=3),
)
def test_a_case_taken_for_a_box_is_never_certain(unit, quantity, share):
    case = (unit * quantity * share).quantize(Decimal("0.01"))
    cost = settle_cost(
        unit=unit, case=case, plain=None, case_quantity=quantity, plain_is_for=CostIsFor.UNKNOWN
    )
    agrees = abs(case - unit * quantity) <= Decimal("0.02") * unit * quantity

    assert (cost.doubt == "") is agrees


@pytest.mark.parametrize(
    ("mapping", "says"),
    [
        ({"name": "B", "cost": "C"}, "Map the SKU"),
        ({"sku": "A", "cost": "C"}, "Map the name"),
        ({"sku": "A", "name": "B"}, "Map a cost"),
        ({"sku": "A", "name": "A", "cost": "C"}, "Mapped twice"),
        ({"sku": "A", "name": "B", "cost": "Z"}, "no header"),
        ({"sku": "A", "name": "B", "cost": "C", "wings": "A"}, "no column"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(mapping, says):
    with pytest.raises(PriceFileError, match=says):
        check_mapping(mapping, ["A", "B", "C"])
