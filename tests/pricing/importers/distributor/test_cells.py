"""Cells as distributors write them."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.importers.distributor import cells
from pricing.importers.distributor.cells import CellRefused


@pytest.mark.parametrize(
    ("cell", "gtin"),
    [
        ("012345678905", "012345678905"),
        ("0 12345 67890 5", "012345678905"),
        (Decimal(12345678905), "012345678905"),  # the workbook dropped the zero
        ("4006381333931", "4006381333931"),
        ("96385074", "96385074"),
        (None, ""),
        ("N/A", ""),
    ],
)
def test_codes_keep_or_get_back_their_leading_zeros(cell, gtin):
    assert cells.gtin_of(cell) == gtin


@pytest.mark.parametrize(
    ("cell", "says"),
    [
        ("8.20651E+11", "scientific"),
        ("8,20651E+11", "scientific"),
        ("012345678906", "check digit"),
        ("ABC", "no UPC"),
        ("12345", "digits"),
        ("٠١٢٣٤٥٦٧٨٩٠٥", "no UPC"),
    ],
)
def test_codes_that_lost_digits_are_refused(cell, says):
    with pytest.raises(CellRefused, match=says):
        cells.gtin_of(cell)


@given(st.integers(0, 10**11 - 1))
def test_every_code_with_its_check_digit_is_accepted_and_with_another_refused(number):
    body = f"{number:011d}"
    odd, even = (sum(int(digit) for digit in body[start::2]) for start in (0, 1))
    check = -(3 * odd + even) % 10

    assert cells.gtin_of(f"{body}{check}") == f"{body}{check}"
    with pytest.raises(CellRefused):
        cells.gtin_of(f"{body}{(check + 1) % 10}")


@pytest.mark.parametrize(
    ("cell", "mark", "amount"),
    [
        ("$1,234.50", ".", "1234.50"),
        ("1.234,50", ",", "1234.50"),
        ("€ 89,90", ",", "89.90"),
        (Decimal("89.095"), ".", "89.10"),
        ("Call", ".", None),
        ("", ".", None),
        ("0.00", ".", None),
        (None, ".", None),
    ],
)
def test_amounts(cell, mark, amount):
    found = cells.amount_of(cell, decimal_mark=mark, currency="USD")

    assert found == (None if amount is None else Decimal(amount))


@pytest.mark.parametrize("cell", ["10 - 25", "-5", "1e3", "NaN", "12,5", Decimal("NaN"), Decimal(10**8)])
def test_amounts_that_cannot_be_meant(cell):
    with pytest.raises(CellRefused):
        cells.amount_of(cell, decimal_mark=".", currency="USD")


@pytest.mark.parametrize(
    ("cell", "count"),
    [
        ("12", (12, False)),
        ("12+", (12, True)),
        (">100", (100, True)),
        ("1,200", (1200, False)),
        ("6 pcs", (6, False)),
        (Decimal(40), (40, False)),
        ("Call", (None, False)),
        (None, (None, False)),
    ],
)
def test_quantities(cell, count):
    assert cells.count_of(cell) == count


@pytest.mark.parametrize("cell", ["lots", "1.5", "-3", "9999999"])
def test_quantities_that_are_none(cell):
    with pytest.raises(CellRefused):
        cells.count_of(cell)


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2027-03-04", date(2027, 3, 4)),
        ("04.03.2027", date(2027, 3, 4)),
        ("Mar 4, 2027", date(2027, 3, 4)),
        ("25/03/2027", date(2027, 3, 25)),
        ("03/25/2027", date(2027, 3, 25)),
        ("03/04/2027", None),  # March or April: nobody knows
        ("TBA", None),
        (date(2027, 1, 2), date(2027, 1, 2)),
    ],
)
def test_dates(cell, day):
    assert cells.date_of(cell) == day


@pytest.mark.parametrize("cell", ["soon", "2027-02-30", "31/02/2027", "Q3"])
def test_dates_that_are_none(cell):
    with pytest.raises(CellRefused):
        cells.date_of(cell)
