import json
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.errors import PriceFileError
from pricing.importers import ParsedPrices, parse_tcgcsv
from pricing.importers.tcgcsv import finishes_by_product, parse_group_prices

NOW = datetime(2026, 11, 20, 20, 4, tzinfo=UTC)


def parse(*paths: Path) -> ParsedPrices:
    return parse_tcgcsv({path: path.read_bytes() for path in paths})


def prices(*rows: object, **envelope: object) -> bytes:
    return json.dumps({"success": True, "errors": [], "results": rows, **envelope}).encode()


def test_products_and_prices_give_every_statistic_but_the_parked_high(files: Path):
    parsed = parse(files / "tcgcsv_products.json", files / "tcgcsv_prices.json")

    seen = {(o.external_id, o.finish, o.price_type): o.price for o in parsed}

    assert seen == {
        ("201", "nonfoil", "low"): Decimal("1.5"),
        ("201", "nonfoil", "mid"): Decimal("2.1"),
        ("201", "nonfoil", "market"): Decimal("1.9"),
        ("201", "foil", "low"): Decimal(4),
        ("201", "foil", "mid"): Decimal("5.25"),
        ("201", "foil", "market"): Decimal("4.75"),
        ("201", "foil", "direct_low"): Decimal("4.9"),
        ("202", "nonfoil", "low"): Decimal("99.5"),
        ("202", "nonfoil", "mid"): Decimal(120),
    }
    assert parsed.source == "tcgplayer"
    assert parsed.rows_read == 4
    assert parsed.skipped == {
        "sub_type: Jumbo": 1, "no_price": 3, "product_without_price": 1, "unreadable_row": 1,
    }  # fmt: skip
    assert parsed.recorded_at is None


def test_csv_is_read_by_header_and_bad_lines_are_numbered(files: Path):
    parsed = parse(files / "ProductsAndPrices.csv")

    assert [str(o.price) for o in parsed if o.price_type == "market"] == ["1.9", "4.75"]
    assert [problem.row for problem in parsed.problems] == [4, 5]


def test_json_and_csv_of_one_group_say_the_same(files: Path):
    from_csv = {(o.finish, o.price_type, o.price) for o in parse(files / "ProductsAndPrices.csv")}
    from_json = {
        (o.finish, o.price_type, o.price)
        for o in parse(files / "tcgcsv_prices.json")
        if o.external_id == "201"
    }

    assert from_csv == from_json


def test_archive_folder_names_the_day():
    parsed = parse_tcgcsv(
        {Path("prices/2026-11-19/1/7/prices"): prices({"productId": 1, "subTypeName": "Normal"})}
    )

    assert parsed.recorded_at == datetime(2026, 11, 19, 20, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (prices(success=False, errors=["no such group"]), "no such group"),
        (b'{"success": true}', "not a tcgcsv file"),
        (prices({"productId": 1})[:-4], "truncated or corrupt"),
        (prices({"productId": 1, "name": "only a product"}), "no tcgcsv prices"),
        (b"productId,name\n1,x\n", "no column subTypeName, lowPrice"),
        (
            b'productId,subTypeName,lowPrice,midPrice,marketPrice,directLowPrice\n1,"Nor',
            "truncated or corrupt",
        ),
        (b"\xff\xfe", "truncated or corrupt"),
    ],
)
def test_other_content_is_refused(content: bytes, message: str):
    with pytest.raises(PriceFileError, match=message):
        parse_tcgcsv({Path("prices"): content})


def test_two_archive_days_are_refused():
    row = prices({"productId": 1, "subTypeName": "Normal"})

    with pytest.raises(PriceFileError, match="several dates"):
        parse_tcgcsv({Path("2026-11-19/prices"): row, Path("2026-11-20/prices"): row})


def test_a_flood_of_unknown_sub_types_is_counted_in_bounded_space():
    rows = [{"productId": 1, "subTypeName": f"Kind {n}", "marketPrice": 1} for n in range(500)]

    parsed = parse_tcgcsv({Path("prices"): prices(*rows)})

    assert len(parsed.skipped) <= 60
    assert sum(parsed.skipped.values()) == 500


@pytest.mark.parametrize(
    ("sub_type", "finish"),
    [
        ("Normal", "nonfoil"), ("Foil", "foil"), ("Holofoil", "foil"), ("Reverse Holofoil", "reverse"),
        ("1st Edition", "first_ed"), ("1st Edition Holofoil", "first_foil"), ("Unlimited", "nonfoil"),
        ("Unlimited Holofoil", "foil"), ("Limited", "nonfoil"),
    ],
)  # fmt: skip
def test_every_known_sub_type_is_a_finish(sub_type: str, finish: str):
    parsed = parse_tcgcsv(
        {Path("prices"): prices({"productId": 1, "subTypeName": sub_type, "marketPrice": 2})}
    )

    assert [(o.finish, o.price) for o in parsed] == [(finish, Decimal(2))]


def test_limited_printing_is_not_the_plain_one_where_there_is_a_plain_one():
    rows = [
        {"productId": 1, "subTypeName": name, "marketPrice": n}
        for n, name in enumerate(["Limited", "Unlimited"], 3)
    ]

    parsed = parse_tcgcsv({Path("prices"): prices(*rows)})

    assert [(o.finish, o.price) for o in parsed] == [("nonfoil", Decimal(4))]
    assert parsed.skipped["sub_type: Limited"] == 1


def test_group_prices_take_the_time_they_are_given():
    content = prices(
        {"productId": 7, "subTypeName": "Holofoil", "lowPrice": 1, "marketPrice": 0},
        {"productId": 7, "subTypeName": "Reverse Holofoil", "lowPrice": 2},
        {"productId": 8, "subTypeName": "Normal", "marketPrice": "NaN"},
    )

    parsed = parse_group_prices(content, name="SWSH12", recorded_at=NOW)

    assert parsed.recorded_at == NOW
    assert finishes_by_product(parsed) == {"7": ("foil", "reverse")}


def test_group_without_prices_is_empty_and_no_error():
    assert list(parse_group_prices(prices(), name="empty", recorded_at=NOW)) == []


@given(st.binary(max_size=120))
def test_any_bytes_are_read_or_refused(content: bytes):
    try:
        list(parse_tcgcsv({Path("prices"): content}))
    except PriceFileError as error:
        assert error.detail  # noqa: PT017 - either outcome is right, an unexpected exception is not
