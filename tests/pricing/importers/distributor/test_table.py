"""Finding the header and the cells of files as distributors send them."""

import io
import zipfile
from datetime import date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.errors import PriceFileError
from pricing.importers.distributor import guess_decimal_mark, guess_mapping, read_table

NAIVE = datetime.fromisoformat("2027-03-04T00:00:00")  # a sheet knows no zones
TITLE = "Northern Games Ltd;;;\nPrice list 12;;;\n;;;\n"


def workbook(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.create_sheet("List", 0)
    for row in rows:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_the_header_is_found_below_a_title():
    table = read_table((TITLE + "SKU;Product Name;Box Cost;UPC\nA1;Moon Box;89,90;0012345678905\n").encode())

    assert table.headers == ("SKU", "Product Name", "Box Cost", "UPC")
    assert table.rows == (("A1", "Moon Box", "89,90", "0012345678905"),)
    assert table.first_row == 5


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_encodings_and_delimiters_are_told_apart(encoding, delimiter):
    lines = [["SKU", "Name", "Cost"], ["A1", "Pokémon Böx – 5 €", "10"]]
    content = "\r\n".join(delimiter.join(line) for line in lines).encode(encoding)

    assert read_table(content).rows[0][1] == "Pokémon Böx – 5 €"


def test_a_workbook_gives_exact_numbers_days_and_text():
    content = workbook(
        ["Dealer list"], ["Item #", "Description", "Unit Cost", "Release Date"],
        ["X-1", "Star  Box\u00a0", 89.1, NAIVE], ["X-2", "Sun Box", 70, None],
    )  # fmt: skip

    table = read_table(content)

    assert table.rows[0] == ("X-1", "Star Box", Decimal("89.1"), date(2027, 3, 4))
    assert table.rows[1] == ("X-2", "Sun Box", Decimal(70), None)


def test_repeated_and_missing_headers_get_their_own_names():
    table = read_table(b"SKU,Name,Cost,Cost,\nA1,Box,1,2,3\n")

    assert table.headers == ("SKU", "Name", "Cost", "Cost (4)")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "empty"),
        (b"  \n ", "empty"),
        (b"one,two\n1,2\n", "None of the first 20 rows"),
        (b"SKU,Name,Cost\n", "no rows"),
        (b"SKU,Name\x00,Cost\n1,2,3", "neither"),
        (b"PK\x03\x04 broken", "corrupt"),
        (b"SKU,Name,Cost\n" + b"a,b,c\n" * 20_001, "more than 20,000"),
        (b"SKU,Name,Cost\n" + b",".join([b"a"] * 101), "more than 100 columns"),
        (b"x" * 10_000_001, "larger than 10 MB"),
    ],
    ids=["empty", "blank", "no-header", "no-rows", "binary", "zip", "too-many-rows", "too-wide", "too-large"],
)
def test_other_files_are_refused(content, says):
    with pytest.raises(PriceFileError, match=says):
        read_table(content)


def test_a_workbook_that_unpacks_to_too_much_is_refused_unread():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * 30_000_001)

    with pytest.raises(PriceFileError, match="unpacks to more"):
        read_table(stream.getvalue())


def test_millions_of_empty_cells_are_read_in_one_pass():
    table = read_table(b"SKU,Name,Unit cost\nA1,Box,5" + b"," * 9_000_000)

    assert table.rows == (("A1", "Box", "5"),)


@pytest.mark.parametrize(
    ("part", "content"),
    [
        ("xl/worksheets/sheet1.xml", b"<worksheet "),
        ("xl/worksheets/sheet1.xml", b'<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'),
        ("xl/workbook.xml", b"<workbook"),
        ("xl/styles.xml", b"<styleSheet"),
    ],
)
def test_a_workbook_with_a_broken_part_is_refused_in_words(part, content):
    whole = workbook(["SKU", "Name", "Cost"], ["A1", "Box", 5])
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as source, zipfile.ZipFile(stream, "w") as target:
        for name in source.namelist():
            target.writestr(name, content if name == part else source.read(name))

    with pytest.raises(PriceFileError, match="workbook"):
        read_table(stream.getvalue())


def test_unicode_text_of_a_spreadsheet_is_read():
    table = read_table("SKU\tName\tCost\r\nA1\tPokémon Böx\t5\r\n".encode("utf-16"))

    assert table.rows == (("A1", "Pokémon Böx", "5"),)


@given(st.binary(max_size=400))
def test_any_bytes_are_a_table_or_refused(content):
    try:
        table = read_table(content)
    except PriceFileError:
        return
    assert table.headers
    assert all(len(row) == len(table.headers) for row in table.rows)


def test_known_headers_are_mapped_and_a_plain_cost_yields_to_a_stated_one():
    assert guess_mapping(["Item #", "Description", "UPC", "Case Pack", "Box Cost", "Price", "Colour"]) == {
        "sku": "Item #", "name": "Description", "gtin": "UPC", "case_quantity": "Case Pack",
        "unit_cost": "Box Cost",
    }  # fmt: skip
    assert guess_mapping(["SKU", "Title", "Dealer Price"])["cost"] == "Dealer Price"


@pytest.mark.parametrize(
    ("amounts", "mark"),
    [(["1.234,50", "89,90"], ","), (["$1,234.50", "89.90"], "."), (["12", "1,234"], "."), (["9,5 €"], ",")],
)
def test_the_decimal_mark_is_guessed_from_the_amounts(amounts, mark):
    lines = ["SKU;Name;Cost", *(f"A{at};Box;{amount}" for at, amount in enumerate(amounts))]

    assert guess_decimal_mark(read_table("\n".join(lines).encode())) == mark
