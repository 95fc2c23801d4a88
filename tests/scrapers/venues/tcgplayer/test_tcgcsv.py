from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scrapers.errors import (
    EvidenceMissing,
    FetchFailed,
    MarkupDrift,
    NotOffered,
    UnreadableAnswer,
    VenueUnavailable,
)
from scrapers.feeds import BulkPart, FeedMemory
from scrapers.venues.tcgplayer.tcgcsv import parse_last_updated

from .reading import NOW, UPDATED, Mirror, envelope, group, price, product

DAY = timedelta(days=1)


def named(parts: list[BulkPart]) -> list[str]:
    return [part.name for part in parts]


def priced(parts: list[BulkPart]) -> dict[tuple[str, str], Decimal]:
    return {
        (seen.external_id or "", seen.finish): seen.price
        for part in parts
        if part.prices is not None
        for seen in part.prices.observations
    }


async def test_a_first_pass_brings_products_and_prices_of_the_newest_sets_first():
    parts = await Mirror().run(FeedMemory())

    assert named(parts) == [
        "Pokemon G11 products", "Pokemon G11 prices", "Pokemon G10 products", "Pokemon G10 prices",
        "last updated",
    ]  # fmt: skip
    assert priced(parts) == {
        ("110", "nonfoil"): Decimal("119.95"), ("100", "first_ed"): Decimal(5),
        ("100", "nonfoil"): Decimal(2),
    }  # fmt: skip
    assert {part.total for part in parts[:-1]} == {5}
    assert parts[-1].unchanged


async def test_prices_are_of_the_time_the_mirror_was_refreshed():
    parts = await Mirror().run(FeedMemory())

    assert {part.prices.recorded_at for part in parts if part.prices} == {
        datetime(2026, 11, 20, 20, 4, 11, tzinfo=UTC)
    }
    assert {(part.parser, part.fetched_at) for part in parts} == {("tcgplayer.tcgcsv/1", NOW)}


async def test_articles_know_the_versions_their_prices_name():
    parts = await Mirror().run(FeedMemory())

    (card,) = list(parts[2].articles or ())
    (box,) = list(parts[0].articles or ())
    assert (card.product_type, card.number, card.finishes) == ("single", "4", ("first_ed", "nonfoil"))
    assert (box.product_type, box.finishes, box.is_complete) == ("sealed", (), True)


async def test_dead_categories_and_groups_of_others_are_not_asked_for():
    mirror = Mirror()

    await mirror.run(FeedMemory())

    assert [path for path in mirror.asked if "/70/" in path or "/12/" in path] == []


async def test_an_unchanged_mirror_is_asked_one_question():
    mirror, memory = Mirror(), FeedMemory()
    await mirror.run(memory)

    parts = await mirror.run(memory, now=NOW + timedelta(hours=4))

    assert mirror.asked == ["/last-updated.txt"]
    assert [(part.name, part.unchanged) for part in parts] == [("last updated", True)]
    assert memory.downloads["/last-updated.txt#mtg+yugioh+pokemon"].fetched_at == NOW + timedelta(hours=4)


async def test_no_price_file_is_fetched_twice_within_a_day():
    mirror, memory = Mirror(), FeedMemory()
    await mirror.run(memory)
    mirror.files["/last-updated.txt"] = b"2026-11-21T20:00:00+00:00"

    early = await mirror.run(memory, now=NOW + DAY - timedelta(minutes=30))
    asked_early = [path for path in mirror.asked if path.endswith("prices")]
    late = await mirror.run(memory, now=NOW + DAY + timedelta(minutes=1))

    assert (early, asked_early) == ([], [])  # not finished either: the next pass has to come back
    assert [path for path in mirror.asked if path.endswith("prices")] == [
        "/tcgplayer/3/11/prices", "/tcgplayer/3/10/prices",
    ]  # fmt: skip
    assert named(late)[-1] == "last updated"


async def test_products_of_old_sets_are_fetched_once_a_week():
    mirror, memory = Mirror(), FeedMemory()
    await mirror.run(memory)
    mirror.files["/last-updated.txt"] = b"2026-11-22T20:00:00+00:00"

    await mirror.run(memory, now=NOW + 2 * DAY)

    assert [path for path in mirror.asked if path.endswith("products")] == ["/tcgplayer/3/11/products"]


async def test_a_pass_that_was_cut_short_goes_on_with_what_is_missing():
    mirror, memory = Mirror(), FeedMemory()
    mirror.files["/tcgplayer/3/10/products"] = (503, b"{}")
    with pytest.raises(VenueUnavailable):
        await mirror.run(memory)
    mirror.files["/tcgplayer/3/10/products"] = envelope()

    parts = await mirror.run(memory, now=NOW + timedelta(minutes=10))

    assert named(parts) == ["Pokemon G10 products", "Pokemon G10 prices", "last updated"]


async def test_an_empty_group_told_by_404_or_without_rows_has_nothing_new():
    mirror, memory = Mirror(), FeedMemory()
    mirror.files["/tcgplayer/3/11/products"] = (404, envelope(success=False, errors=("No products",)))
    mirror.files["/tcgplayer/3/11/prices"] = (404, envelope(success=False, errors=("No prices",)))
    mirror.files["/tcgplayer/3/10/prices"] = envelope()

    parts = await mirror.run(memory)

    assert [(part.name, part.unchanged) for part in parts] == [
        ("Pokemon G11 products", True), ("Pokemon G11 prices", True), ("Pokemon G10 products", False),
        ("Pokemon G10 prices", True), ("last updated", True),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "answer",
    [
        b'{"success": true',
        b"[]",
        b"null",
        b'{"results": []}',
        b"<html><body>Welcome</body></html>",
        envelope(success=False, errors=("Database error",)),
    ],
)
async def test_one_broken_group_stops_no_other_and_is_told_at_the_end(answer: bytes | tuple[int, bytes]):
    mirror, memory = Mirror(), FeedMemory()
    mirror.files["/tcgplayer/3/11/prices"] = answer

    with pytest.raises(FetchFailed):
        await mirror.run(memory)

    assert ("100", "first_ed") in priced(mirror.parts)
    assert "/last-updated.txt#mtg+yugioh+pokemon" not in memory.downloads
    assert "/tcgplayer/3/11/prices" not in memory.downloads


async def test_a_set_without_files_is_passed_over():
    mirror, memory = Mirror(), FeedMemory()
    del mirror.files["/tcgplayer/3/11/prices"]

    parts = await mirror.run(memory)

    assert named(parts) == ["Pokemon G10 products", "Pokemon G10 prices", "last updated"]


async def test_a_mirror_whose_files_are_all_gone_has_moved():
    mirror = Mirror()
    mirror.files = {path: body for path, body in mirror.files.items() if path.count("/") < 4}

    with pytest.raises(MarkupDrift, match="No set has files"):
        await mirror.run(FeedMemory())


async def test_many_broken_groups_in_a_row_end_the_pass():
    mirror = Mirror()
    rows = [group(number, "2026-01-01") for number in range(100, 120)]
    mirror.files["/tcgplayer/3/groups"] = envelope(*rows)
    mirror.files |= {f"/tcgplayer/3/{number}/prices": b"[]" for number in range(100, 120)}

    with pytest.raises(UnreadableAnswer):
        await mirror.run(FeedMemory())

    assert len([path for path in mirror.asked if path.endswith("prices")]) == 5


async def test_products_of_another_group_are_refused():
    mirror = Mirror()
    mirror.files["/tcgplayer/3/11/products"] = envelope(product(110, 12))

    with pytest.raises(EvidenceMissing, match="another group"):
        await mirror.run(FeedMemory())


async def test_a_moved_category_number_is_refused():
    mirror = Mirror()
    mirror.files["/tcgplayer/categories"] = envelope({"categoryId": 3, "name": "Marbles"})

    with pytest.raises(EvidenceMissing, match="Marbles"):
        await mirror.run(FeedMemory())


async def test_only_the_games_asked_for_are_fetched():
    mirror = Mirror()
    mirror.files["/tcgplayer/1/groups"] = envelope(group(20, "2020-01-01", category=1))
    mirror.files["/tcgplayer/1/20/products"] = envelope(product(200, 20, Number="1"))
    mirror.files["/tcgplayer/1/20/prices"] = envelope(price(200, 1))

    async with mirror.feed(categories=("mtg",)) as feed:
        parts = [part async for part in feed.fetch_bulk(FeedMemory())]

    assert named(parts) == ["Magic G20 products", "Magic G20 prices", "last updated"]
    assert [article.is_complete for article in parts[0].articles or ()] == [False]


async def test_a_bulk_route_prices_no_single_product():
    async with Mirror().feed() as feed:
        with pytest.raises(NotOffered):
            await feed.scrape_product_price("100")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (UPDATED, datetime(2026, 11, 20, 20, 4, 11, tzinfo=UTC)),
        ("2026-11-20T12:04:11-08:00\n", datetime(2026, 11, 20, 20, 4, 11, tzinfo=UTC)),
        ("2026-11-20T20:04:11.5Z", datetime(2026, 11, 20, 20, 4, 11, 500_000, tzinfo=UTC)),
    ],
)
def test_last_updated_is_read_in_utc(text: str, expected: datetime):
    assert parse_last_updated(text.encode(), fetched_at=NOW) == expected


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026-11-20T20:04:11", "0000-00-00 00:00:00", "2026-11-22"]
)
def test_last_updated_without_time_or_zone_is_refused(text: str):
    with pytest.raises(UnreadableAnswer):
        parse_last_updated(text.encode(), fetched_at=NOW)


@pytest.mark.parametrize("ahead", [timedelta(seconds=3), timedelta(minutes=5)])
def test_a_mirror_whose_clock_is_ahead_was_updated_now(ahead: timedelta):
    assert parse_last_updated((NOW + ahead).isoformat().encode(), fetched_at=NOW) == NOW


def test_last_updated_in_the_future_is_refused():
    with pytest.raises(EvidenceMissing, match="future"):
        parse_last_updated(b"2026-11-21T20:04:11Z", fetched_at=NOW)


@given(st.binary(max_size=40) | st.text(max_size=40).map(str.encode))
def test_any_bytes_are_a_time_or_refused(body: bytes):
    try:
        parse_last_updated(body, fetched_at=NOW)
    except FetchFailed as error:
        assert error.detail  # noqa: PT017 - either outcome is right, an unexpected exception is not
