from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.errors import FetchFailed, RequestRejected, UnreadableAnswer
from scrapers.records import Sale
from scrapers.venues.tcgplayer.sales import parse_history, parse_latest_sales

from .reading import sample

TODAY = date(2026, 11, 20)


def test_history_gives_daily_totals_of_the_products_own_english_skus():
    sales = parse_history(sample("tcgplayer/history_sealed.json"), skus={"6001"}, today=TODAY)

    assert sales == (
        Sale("day", date(2026, 11, 20), 3, Decimal("144.5"), "", "unopened"),
        Sale("day", date(2026, 11, 19), 1, None, "", "unopened"),
    )


def test_history_of_other_skus_says_nothing_of_this_product():
    assert parse_history(sample("tcgplayer/history_sealed.json"), skus={"1"}, today=TODAY) == ()


def test_null_result_is_no_history():
    assert parse_history(b'{"result": null}', skus={"1"}, today=TODAY) is None


@pytest.mark.parametrize(
    "body",
    [
        b"{}",
        b"[]",
        b"",
        b'{"result": [{"skuId": "1"}]}',
        b'{"result": [{"skuId": "x", "variant": "Normal", "language": "English", "condition": "Damaged"}]}',
        b'{"result": [{"skuId": "1", "variant": "Normal", "language": "English", "condition": "Damaged",'
        b' "buckets": [{"bucketStartDate": "20 Nov", "quantitySold": "1"}]}]}',
    ],
)
def test_other_shapes_are_refused(body: bytes):
    with pytest.raises(UnreadableAnswer):
        parse_history(body, skus={"1"}, today=TODAY)


def test_errors_in_the_body_are_refused():
    with pytest.raises(RequestRejected, match="E1 no"):
        parse_history(b'{"errors": [{"code": "E1", "message": "no"}]}', skus={"1"}, today=TODAY)


def test_latest_sales_are_totals_of_whole_days():
    sales = parse_latest_sales(sample("tcgplayer/latest_sales.json"), today=TODAY)

    assert sales == (
        Sale("day", date(2026, 11, 20), 4, Decimal("9.25"), "foil", "near_mint"),
        Sale("day", date(2026, 11, 19), 1, Decimal("0.75"), "reverse", "damaged"),
    )


def test_oldest_day_counts_on_the_last_page():
    body = sample("tcgplayer/latest_sales.json").replace(b'"nextPage": "Yes"', b'"nextPage": ""')

    sales = parse_latest_sales(body, today=TODAY)

    assert sales[-1] == Sale("day", date(2026, 11, 18), 1, Decimal("10.40"), "foil", "near_mint")


def test_shared_samples_give_what_they_say(shared_data: Path):
    wire = shared_data / "wire" / "tcgplayer"

    sales = parse_history(
        (wire / "price_history_detailed_624679_sealed.json").read_bytes(), skus={"8637794"}, today=TODAY
    )

    assert sales == (
        Sale("day", date(2025, 6, 2), 17, Decimal("255.55"), "", "unopened"),
        Sale("day", date(2025, 6, 1), 135, Decimal("255.76"), "", "unopened"),
        Sale("day", date(2025, 5, 31), 177, Decimal("255.72"), "", "unopened"),
    )
    null = (wire / "price_history_null_result.json").read_bytes()
    assert parse_history(null, skus={"1"}, today=TODAY) is None
    assert parse_latest_sales((wire / "latestsales_empty.json").read_bytes(), today=TODAY) == ()


@given(st.sampled_from(["history_sealed.json", "latest_sales.json"]), st.data())
def test_damaged_bytes_are_read_or_refused(name: str, data: st.DataObject):
    body = bytearray(sample(f"tcgplayer/{name}"))
    for position in data.draw(st.lists(st.integers(0, len(body) - 1), max_size=4)):
        body[position] = data.draw(st.integers(0, 255))
    damaged = bytes(body[: data.draw(st.integers(0, len(body)))])
    try:
        if name == "history_sealed.json":
            sales = parse_history(damaged, skus={"6001"}, today=TODAY) or ()
        else:
            sales = parse_latest_sales(damaged, today=TODAY)
    except FetchFailed as error:
        assert error.detail  # noqa: PT017 - either outcome is right, an unexpected exception is not
    else:
        assert all(sale.units > 0 and sale.sold_on <= TODAY for sale in sales)
