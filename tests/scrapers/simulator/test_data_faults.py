"""Faults in figures, times, paging and markup do what their docstrings say."""

import gzip
import json
import lzma

import pytest

from tests.scrapers.simulator.calls import first_box, get, trends


@pytest.mark.parametrize(
    ("kind", "data", "change"),
    [
        ("price_null", {}, lambda price: None),
        ("price_zero", {}, lambda price: 0),
        ("price_negative", {}, lambda price: -price),
        ("price_missing", {}, lambda price: None),
        ("price_x100", {}, lambda price: price * 100),
        ("price_x100", {"factor": 10}, lambda price: price * 10),
        ("price_text", {}, lambda price: "call"),
        ("unit_change", {}, lambda price: price * 6),
    ],
)
async def test_figures_go_wrong_in_json(visitor, breaks, kind, data, change):
    honest = trends((await get(visitor))[2])
    breaks(kind, **data)

    wrong = trends((await get(visitor))[2])

    assert [
        price if price is None or isinstance(price, str) else pytest.approx(price) for price in wrong
    ] == [change(price) for price in honest]


async def test_figures_go_wrong_for_one_article_only(visitor, breaks, simulator):
    box = first_box(simulator).ids["mcm"]
    honest = trends((await get(visitor))[2])
    breaks("price_x100", only=f"'idProduct': {box}")

    rows = json.loads((await get(visitor))[2])["priceGuides"]

    changed = [row for row, price in zip(rows, honest, strict=True) if row["trend"] != price]
    assert [str(row["idProduct"]) for row in changed] == [box]


async def test_figures_go_wrong_on_pages(visitor, breaks, simulator):
    path = f"/amazon_site/dp/{first_box(simulator).ids['asin']}"
    before = (await get(visitor, path))[2].decode()
    breaks("currency_change", currency="JPY")

    after = (await get(visitor, path))[2].decode()

    assert "$" in before
    assert "$" not in after
    assert "JPY " in after


@pytest.mark.parametrize(
    ("kind", "check"),
    [
        ("float_ids", lambda row: isinstance(row["idProduct"], float)),
        ("string_numbers", lambda row: isinstance(row["trend"], str)),
        ("wrong_article", lambda row: row["idProduct"] != 980000001),
    ],
)
async def test_ids_and_numbers_change_their_kind(visitor, breaks, kind, check):
    breaks(kind)

    assert check(json.loads((await get(visitor))[2])["priceGuides"][0])


@pytest.mark.parametrize(
    ("kind", "created"),
    [
        ("stale_as_of", "2026-11-16T02:44:33+0100"),
        ("clock_skew", "2026-11-21T04:14:33+0100"),
        ("naive_times", "2026-11-21T02:44:33"),
        ("zero_dates", "0000-00-00 00:00:00"),
    ],
)
async def test_times_go_wrong(visitor, breaks, kind, created):
    breaks(kind)

    assert json.loads((await get(visitor))[2])["createdAt"] == created


async def test_totals_lie_and_results_vanish(visitor, breaks, simulator):
    breaks("total_lies")
    groups = json.loads((await get(visitor, "/tcgcsv/tcgplayer/1/groups"))[2])
    simulator.simulator.faults.clear()
    breaks("results_null")
    nothing = json.loads((await get(visitor, "/tcgcsv/tcgplayer/1/groups"))[2])
    simulator.simulator.faults.clear()
    breaks("empty_result")
    empty = json.loads((await get(visitor, "/tcgcsv/tcgplayer/1/groups"))[2])

    assert (groups["totalItems"], len(groups["results"])) == (7, 2)
    assert nothing["results"] is None
    assert empty["results"] == []


@pytest.mark.parametrize(("kind", "overlap"), [("page_shift", 1), ("duplicated_page", 10)])
async def test_pages_move_while_they_are_read(visitor, breaks, kind, overlap):
    breaks(kind)
    path = "/pokemontcg/v2/cards?pageSize=10&page="
    pages = [json.loads((await get(visitor, f"{path}{number}"))[2])["data"] for number in (1, 2)]

    first, second = ({row["id"] for row in page} for page in pages)
    assert len(first & second) == overlap


async def test_markup_drift_keeps_the_text_and_loses_the_classes(visitor, breaks):
    breaks("markup_drift")
    path = "/ebay_site/sch/i.html?_nkw=booster+box&LH_Sold=1"

    text = (await get(visitor, path))[2].decode()

    assert len(text) > 100_000
    assert "Booster Box" in text
    assert 'class="s-item' not in text


async def test_filter_warning_stands_beside_the_results(visitor, breaks):
    breaks("filter_ignored")

    document = json.loads((await get(visitor))[2])

    assert document["warnings"][0]["errorId"] == 12002
    assert document["priceGuides"]


async def test_figures_go_wrong_inside_packed_feeds(visitor, breaks):
    path = "/mtgjson/api/v5/AllPricesToday.json.xz"
    before = json.loads(lzma.decompress((await get(visitor, path))[2]))["data"]
    breaks("price_x100")

    after = json.loads(lzma.decompress((await get(visitor, path))[2]))["data"]

    key = next(iter(before))
    honest, wrong = (
        next(iter(data[key]["paper"]["tcgplayer"]["retail"]["normal"].values())) for data in (before, after)
    )
    assert wrong == pytest.approx(honest * 100)


async def test_figures_go_wrong_in_packed_lines(visitor, breaks):
    _, _, index = await get(visitor, "/scryfall/bulk-data")
    address = json.loads(index)["data"][0]["jsonl_download_uri"]
    breaks("price_null")

    lines = gzip.decompress((await get(visitor, address))[2]).splitlines()

    assert len(lines) == 28
    assert all(json.loads(line)["prices"]["usd"] is None for line in lines)
