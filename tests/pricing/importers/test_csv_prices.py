from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.errors import PriceFileError
from pricing.importers import parse_csv

HEADER = "source,ident,price,currency\n"


def one(text: str, **options: str):
    (parsed,) = parse_csv(text.encode(), **options)
    (seen,) = parsed
    return seen


def test_price_list_with_dirt_is_split_by_source_and_every_bad_line_is_numbered(files: Path):
    cardmarket, tcgplayer = parse_csv((files / "prices.csv").read_bytes())

    first, second = cardmarket
    assert (first.name_space, first.external_id, first.price, first.seller_count) == (
        "mcm",
        "101",
        Decimal("1.80"),
        12,
    )
    assert (first.available_quantity, first.shipping_cost, first.condition) == (
        30,
        Decimal("1.15"),
        "near_mint",
    )
    assert (second.name_space, second.price, second.finish) == ("", Decimal("1200.50"), "foil")
    assert [o.price_type for o in tcgplayer] == ["market"]
    assert [problem.row for problem in cardmarket.problems] == list(range(5, 17))
    assert cardmarket.skipped == {"unreadable_row": 12, "no_price": 1}
    assert cardmarket.recorded_at == datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("line", "decimal_mark", "price"),
    [
        ("cardmarket;101;1.234,50;EUR", ",", "1234.50"),
        ("cardmarket;101;0,02;EUR", ",", "0.02"),
        ("cardmarket;101;1\u00a0234,50;EUR", ",", "1234.50"),
        ("cardmarket;101;€ 10.50;EUR", ".", "10.50"),
        ("cardmarket;101;1200;JPY", ".", "1200"),
    ],
)
def test_amounts_are_read_by_the_stated_decimal_mark(line: str, decimal_mark: str, price: str):
    seen = one(HEADER.replace(",", ";") + line, decimal_mark=decimal_mark)

    assert seen.price == Decimal(price)


@pytest.mark.parametrize(
    "price", ["1,50", "10-25", "$10 - $25", "1e3", "NaN", "Infinity", "-1", "١٢", "1.5.0", "", "1.005"]
)
def test_text_that_is_not_one_price_is_a_problem(price: str):
    with pytest.raises(PriceFileError, match="None of the 1 lines could be read: line 2: price"):
        parse_csv(f'{HEADER}cardmarket,101,"{price}",EUR\n'.encode())


def test_a_uuid_names_the_article_itself():
    seen = one(HEADER + "cardmarket,0192f0c1-0000-7000-8000-000000000001,5,eur\n")

    assert (seen.name_space, seen.external_id) == ("id", "0192f0c1-0000-7000-8000-000000000001")
    assert seen.currency == "EUR"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"source,ident,price\ncardmarket,1,2\n", "no column currency"),
        (HEADER.encode().replace(b"\n", b",colour\n"), "unknown or repeated columns: colour"),
        (b"source,ident,price,currency,price\n", "repeated columns"),
        (HEADER.encode(), "None of the 0 lines"),
        (b"\xff\xfe\x00", "not UTF-8"),
        (HEADER.encode() + b'cardmarket,101,"5', "no CSV: line 2"),
    ],
)
def test_other_content_is_refused(content: bytes, message: str):
    with pytest.raises(PriceFileError, match=message):
        parse_csv(content)


def test_a_byte_order_mark_and_tabs_are_welcome():
    seen = one("\ufeffsource\tident\tprice\tcurrency\r\ncardmarket\tmcm:7\t1.5\tEUR\r\n")

    assert (seen.external_id, seen.price) == ("7", Decimal("1.5"))


@given(
    st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=12), min_size=4, max_size=4
    )
)
def test_any_cells_are_read_as_a_finite_price_or_refused(cells: list[str]):
    line = ",".join('"' + cell.replace('"', '""') + '"' for cell in cells)
    try:
        seen = [o for parsed in parse_csv((HEADER + line).encode()) for o in parsed]
    except PriceFileError:
        return
    assert all(o.price.is_finite() and o.price >= 0 for o in seen)


@given(st.binary(max_size=120))
def test_any_bytes_are_read_or_refused(content: bytes):
    try:
        parse_csv(HEADER.encode() + content)
    except PriceFileError as error:
        assert error.detail  # noqa: PT017 - either outcome is right, an unexpected exception is not


@given(st.decimals(min_value="0.01", max_value="9999999", places=2), st.sampled_from([".", ","]))
def test_a_written_price_is_read_back(price: Decimal, decimal_mark: str):
    text = str(price).replace(".", decimal_mark)

    seen = one(f'{HEADER}cardmarket,101,"{text}",EUR\n', decimal_mark=decimal_mark)

    assert seen.price == price
