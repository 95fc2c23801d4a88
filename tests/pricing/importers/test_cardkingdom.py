import gzip
import json
from collections import Counter
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pricing.errors import PriceFileError
from pricing.importers import parse_card_kingdom
from pricing.importers.cardkingdom import price_list_prices, read_price_list

SNAPSHOT = "sku,name,buy_usd,buy_qty,retail_usd,retail_qty\n"
CHANGES = "sku,side,at,price_usd\n"


def row(**values: object) -> dict[str, object]:
    return {
        "id": 10, "sku": "ABC-0001", "scryfall_id": None, "url": "mtg/abc/x", "name": "Example Golem",
        "variation": "", "edition": "Example Set", "is_foil": "false", "price_retail": "3.99",
        "qty_retail": 6, "price_buy": "2.10", "qty_buying": 14, **values,
    }  # fmt: skip


def price_list(*rows: object, created_at: str = "2026-11-20 19:07:23") -> bytes:
    meta = {"created_at": created_at, "base_url": "https://shop.example/"}
    return json.dumps({"meta": meta, "data": rows}).encode()


def facts(content: bytes) -> list[tuple[str, ...]]:
    return [
        (o.external_id or "", o.price_type, o.finish, o.condition, str(o.price), str(o.available_quantity))
        for o in parse_card_kingdom(content)
    ]


def test_retail_and_buylist_carry_the_copies_behind_them():
    parsed = parse_card_kingdom(price_list(row()))

    assert facts(price_list(row())) == [
        ("10", "retail", "nonfoil", "near_mint", "3.99", "6"),
        ("10", "buylist", "nonfoil", "near_mint", "2.10", "14"),
    ]
    assert (parsed.source, parsed.rows_read) == ("cardkingdom", 1)
    assert parsed.recorded_at == datetime(2026, 11, 20, 19, 7, 23, tzinfo=UTC)


def test_buy_price_without_copies_wanted_is_no_quote():
    parsed = parse_card_kingdom(price_list(row(qty_buying=0, qty_retail=0)))

    assert list(parsed) == []
    assert parsed.skipped == {"not_buying": 1, "out_of_stock": 1}


@pytest.mark.parametrize("price", ["0.00", None, "NaN", "Infinity", "-1.00", "999999999.00"])
def test_what_is_no_price_is_no_quote(price: str | None):
    parsed = parse_card_kingdom(price_list(row(price_buy=price)))

    assert [o.price_type for o in parsed] == ["retail"]
    assert parsed.skipped == {"no_price": 1}


@pytest.mark.parametrize(
    ("values", "finish"),
    [
        ({"is_foil": "true"}, "foil"),
        ({"is_foil": True}, "foil"),
        ({"is_foil": "true", "variation": "Foil Etched"}, "etched"),
        ({"is_foil": "false", "variation": "Etched look"}, "nonfoil"),
        ({"variation": None}, "nonfoil"),
    ],
)
def test_finish_is_told_by_flag_and_variation(values: dict[str, object], finish: str):
    assert {o.finish for o in parse_card_kingdom(price_list(row(**values)))} == {finish}


def test_grades_in_stock_are_retail_prices_of_their_condition():
    grades = {
        "nm_price": "3.99", "nm_qty": 6, "ex_price": "3.19", "ex_qty": 2, "vg_price": "2.39", "vg_qty": 0,
        "g_price": "1.60", "g_qty": 1,
    }  # fmt: skip

    seen = facts(price_list(row(condition_values=grades, qty_buying=0)))

    assert seen == [
        ("10", "retail", "nonfoil", "near_mint", "3.99", "6"),
        ("10", "retail", "nonfoil", "lightly_played", "3.19", "2"),
        ("10", "retail", "nonfoil", "heavily_played", "1.60", "1"),
    ]


def test_sealed_list_is_unopened():
    parsed = price_list_prices(read_price_list(price_list(row(sku=""))), is_sealed=True)

    assert {o.condition for o in parsed} == {"unopened"}


def test_a_bad_row_costs_one_row():
    parsed = parse_card_kingdom(price_list(row(id="x"), row(qty_buying=None), row(id=11)))

    assert {o.external_id for o in parsed} == {"11"}
    assert [problem.row for problem in parsed.problems] == [1, 2]


@pytest.mark.parametrize("text", ["", "2026-11-20", "0000-00-00 00:00:00", "2026-11-20T19:07:23Z"])
def test_unusable_creation_time_is_no_time(text: str):
    assert parse_card_kingdom(price_list(row(), created_at=text)).recorded_at is None


def test_snapshot_names_articles_by_sku():
    content = f"{SNAPSHOT}FABC-0012,Golem,0.7,10,0,0\nABC-002,Imp,0,0,0.35,23\nABC-3,Elf,1.5,0,2,1\n"

    parsed = parse_card_kingdom(content.encode())

    assert [
        (o.name_space, o.external_id, o.price_type, o.price, o.available_quantity, o.finish) for o in parsed
    ] == [
        ("ck_sku", "FABC-0012", "buylist", Decimal("0.7"), 10, ""),
        ("ck_sku", "ABC-002", "retail", Decimal("0.35"), 23, ""),
        ("ck_sku", "ABC-3", "retail", Decimal(2), 1, ""),
    ]
    assert parsed.skipped == {"no_price": 2, "not_buying": 1}
    assert parsed.recorded_at is None


def test_changes_carry_their_own_times():
    content = (
        f"{CHANGES}ABC-1,buy,2026-08-04T13:07:17Z,3.5\nABC-1,retail,2026-08-05T00:00:00+02:00,6\n"
        "ABC-1,buy,2026-08-05T01:00:00Z,0\nABC-1,loan,2026-08-05T01:00:00Z,1\nABC-1,buy,2026-08-05,1\n"
        "ABC-1,buy,0001-01-01T00:00:00+14:00,1\n,buy,2026-08-05T01:00:00Z,1\nABC-1\n"
    )

    parsed = parse_card_kingdom(content.encode())

    assert [(o.price_type, o.price, o.recorded_at) for o in parsed] == [
        ("buylist", Decimal("3.5"), datetime(2026, 8, 4, 13, 7, 17, tzinfo=UTC)),
        ("retail", Decimal(6), datetime(2026, 8, 4, 22, 0, tzinfo=UTC)),
    ]
    assert parsed.skipped == {"no_price": 1, "unreadable_row": 5}
    assert parsed.recorded_at == datetime(2026, 8, 4, 22, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (price_list(row())[:-3], "truncated or corrupt"),
        (b'{"data": {"1": 2}}', "not a Card Kingdom price list"),
        (b'{"prices": []}', "not a Card Kingdom price list"),
        (b"sku,price\nA,1\n", "neither its JSON nor a known CSV"),
        (b"", "neither its JSON nor a known CSV"),
        (b"<html><head><title>Just a moment</title></head></html>", "neither its JSON nor a known CSV"),
        (b"\xff\xfe", "truncated or corrupt"),
        (f'{SNAPSHOT}"A'.encode(), "truncated or corrupt"),
    ],
)
def test_other_content_is_refused(content: bytes, message: str):
    with pytest.raises(PriceFileError, match=message):
        list(parse_card_kingdom(content))


_values: st.SearchStrategy[object] = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.just({})
)


@given(
    st.lists(st.dictionaries(st.sampled_from([*row(), "condition_values"]), _values) | _values, max_size=6)
)
def test_any_rows_give_positive_prices_or_countable_problems(rows: list[object]):
    content = json.dumps({"data": rows}).encode()
    try:
        parsed = parse_card_kingdom(content)
    except PriceFileError:
        return  # NaN and Infinity are no JSON
    seen = list(parsed)

    assert all(o.price > 0 and (o.available_quantity or 0) > 0 for o in seen)
    assert parsed.skipped["unreadable_row"] == len(parsed.problems)


@given(st.binary(max_size=80), st.sampled_from([b"", SNAPSHOT.encode(), CHANGES.encode(), b'{"data": [']))
def test_any_bytes_are_read_or_refused(content: bytes, start: bytes):
    try:
        list(parse_card_kingdom(start + content))
    except PriceFileError as error:
        assert error.detail  # noqa: PT017 - either outcome is right, an unexpected exception is not


def test_shared_archives_are_read_whole(shared_data: Path):
    folder = shared_data / "tcg" / "cardkingdom"
    snapshot = parse_card_kingdom(gzip.decompress((folder / "ck_snapshot_2026-08-08.csv.gz").read_bytes()))
    animate_dead = [o for o in snapshot if o.external_id == "4ED-118"]

    assert snapshot.rows_read == 142_046
    assert snapshot.skipped["unreadable_row"] == 0
    assert [(o.price_type, o.price, o.available_quantity) for o in animate_dead] == [
        ("buylist", Decimal("4.0"), 51),
        ("retail", Decimal("7.99"), 24),
    ]
    assert Counter(o.price_type for o in snapshot)["buylist"] > 60_000
