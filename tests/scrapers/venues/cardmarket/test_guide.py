from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from aiohttp import web

from common.clock import FrozenClock
from pricing.importers import parse_price_guide
from scrapers.base import Configuration
from scrapers.errors import Blocked, FetchFailed, NotListed, UnreadableAnswer
from scrapers.feeds import BulkPart, FeedMemory
from scrapers.venues.cardmarket.guide import CardmarketGuide
from tests.scrapers.http.sessions import quick_session, venue

from .reading import NOW, sample

ROOT = "/productCatalog"
GUIDE, SINGLES, OTHERS = (
    f"{ROOT}/priceGuide/price_guide_1.json",
    f"{ROOT}/productList/products_singles_1.json",
    f"{ROOT}/productList/products_nonsingles_1.json",
)
HOUR = timedelta(hours=1)


def left_over(folder: Path) -> list[Path]:
    return list(folder.iterdir())


class Downloads:
    """The public files of one game; it counts full answers."""

    def __init__(self, folder: Path, *, has_tags: bool = True) -> None:
        self.folder = folder
        self.has_tags = has_tags
        self.sent: list[tuple[str, int]] = []
        self.parts: list[BulkPart] = []
        self.files: dict[str, bytes | int] = {
            GUIDE: sample("price_guide.json"),
            SINGLES: b'{"products": [{"idProduct": 31, "name": "Example Golem"}]}',
            OTHERS: sample("products_nonsingles.json"),
        }

    async def answer(self, request: web.Request) -> web.Response:
        found = self.files.get(request.path, 404)
        if isinstance(found, int):
            self.sent.append((request.path, found))
            return web.Response(status=found, text="<Error/>", content_type="application/xml")
        tag = f'"{hash(found)}"'
        status = 304 if self.has_tags and request.headers.get("If-None-Match") == tag else 200
        self.sent.append((request.path, status))
        headers = {"ETag": tag, "Last-Modified": "Fri, 20 Nov 2026 01:50:00 GMT"} if self.has_tags else {}
        return web.Response(status=status, body=b"" if status == 304 else found, headers=headers)

    async def run(self, memory: FeedMemory, *, now: datetime = NOW) -> list[BulkPart]:
        """Return the parts of one pass; addresses are remembered without their origin."""
        self.sent.clear()
        self.parts = []
        clock = FrozenClock(now)
        async with venue(self.answer) as base, quick_session(base, clock=clock) as session:
            configuration = Configuration(
                {"cardmarket_downloads": base}, categories=("mtg",), folder=self.folder
            )
            feed = CardmarketGuide(session, configuration, clock=clock)
            local = FeedMemory(
                {base + path: replace(known, url=base + path) for path, known in memory.downloads.items()}
            )
            async for part in feed.fetch_bulk(local):
                self.parts.append(part)
                if part.download is not None:
                    memory.downloads[part.download.url.removeprefix(base)] = part.download
        return self.parts


async def test_guide_and_lists_are_brought_whole(tmp_path: Path):
    memory = FeedMemory()
    guide, others, singles = await Downloads(tmp_path).run(memory)

    assert guide.prices is not None
    seen = {(o.external_id, o.price_type, o.finish): o.price for o in guide.prices}
    assert seen[("31", "trend", "nonfoil")] == Decimal("0.77")
    assert seen[("33", "trend", "foil")] == Decimal("0.4")
    assert ("32", "trend", "nonfoil") not in seen
    assert guide.prices.recorded_at == datetime(2026, 11, 20, 1, 45, 36, tzinfo=UTC)
    assert [article.name for article in singles.articles or ()] == ["Example Golem"]
    assert [article.product_type for article in others.articles or ()] == ["sealed", "sealed"]
    assert {part.total for part in (guide, others, singles)} == {3}
    assert left_over(tmp_path) == []


async def test_unchanged_files_are_not_sent_again(tmp_path: Path):
    downloads, memory = Downloads(tmp_path), FeedMemory()
    await downloads.run(memory)
    remembered = memory.downloads[GUIDE]

    parts = await downloads.run(memory, now=NOW + 2 * HOUR)

    assert [(part.unchanged, part.prices, part.articles) for part in parts] == [(True, None, None)] * 3
    assert {status for _, status in downloads.sent} == {304}
    now = memory.downloads[GUIDE]
    assert now.fetched_at == NOW + 2 * HOUR
    assert (now.sha256, now.etag, now.last_modified) == (
        remembered.sha256, remembered.etag, "Fri, 20 Nov 2026 01:50:00 GMT",
    )  # fmt: skip


async def test_the_same_bytes_are_unchanged_without_any_tag(tmp_path: Path):
    downloads, memory = Downloads(tmp_path, has_tags=False), FeedMemory()
    await downloads.run(memory)

    parts = await downloads.run(memory, now=NOW + 2 * HOUR)

    assert {status for _, status in downloads.sent} == {200}
    assert [part.unchanged for part in parts] == [True] * 3
    assert memory.downloads[GUIDE].fetched_at == NOW + 2 * HOUR


async def test_files_are_not_asked_for_again_within_the_hour(tmp_path: Path):
    downloads, memory = Downloads(tmp_path), FeedMemory()
    await downloads.run(memory)

    parts = await downloads.run(memory, now=NOW + timedelta(minutes=20))

    assert downloads.sent == []
    assert [(part.unchanged, part.download) for part in parts] == [(True, None)] * 3


async def test_a_new_guide_is_read_again(tmp_path: Path):
    downloads, memory = Downloads(tmp_path), FeedMemory()
    await downloads.run(memory)
    downloads.files[GUIDE] = sample("price_guide.json").replace(b"0.77", b"0.79")

    guide, *lists = await downloads.run(memory, now=NOW + 2 * HOUR)

    assert guide.prices is not None
    assert Decimal("0.79") in {o.price for o in guide.prices}
    assert [part.unchanged for part in lists] == [True, True]


@pytest.mark.parametrize(
    ("answer", "error"),
    [(404, NotListed), (b'{"priceGuides": [{', UnreadableAnswer), (b" ", UnreadableAnswer)],
)
async def test_a_missing_or_broken_file_stops_no_other(
    tmp_path: Path, answer: bytes | int, error: type[FetchFailed]
):
    downloads, memory = Downloads(tmp_path), FeedMemory()
    downloads.files[GUIDE] = answer

    with pytest.raises(error):
        await downloads.run(memory)

    assert [bool(part.articles) for part in downloads.parts] == [True, True]
    assert GUIDE not in memory.downloads
    assert left_over(tmp_path) == []


async def test_a_host_that_blocks_ends_the_pass(tmp_path: Path):
    downloads = Downloads(tmp_path)
    downloads.files[GUIDE] = 403

    with pytest.raises(Blocked):
        await downloads.run(FeedMemory())

    assert downloads.sent == [(GUIDE, 403)]


@pytest.mark.parametrize("created", ['"2027-01-01T02:45:36+0100"', "null", '"0000-00-00 00:00:00"'])
async def test_a_guide_without_a_time_that_can_be_meant_is_of_now(tmp_path: Path, created: str):
    downloads = Downloads(tmp_path)
    body = sample("price_guide.json").replace(b'"2026-11-20T02:45:36+0100"', created.encode())
    downloads.files[GUIDE] = body

    guide, *_ = await downloads.run(FeedMemory())

    assert guide.prices is not None
    assert guide.prices.recorded_at == NOW


def test_shared_guides_keep_every_price_that_is_one(shared_data: Path):
    wire = shared_data / "wire" / "cardmarket"
    older = parse_price_guide((wire / "price_guide_1.2024-12-02.json").read_bytes())
    newer = parse_price_guide((wire / "price_guide_1.2024-12-03.json").read_bytes())
    seen = {(o.external_id, o.price_type, o.finish): o.price for o in newer}

    assert (older.recorded_at, newer.recorded_at) == (
        datetime(2024, 12, 1, 1, 45, 36, tzinfo=UTC), datetime(2024, 12, 3, 1, 44, 33, tzinfo=UTC),
    )  # fmt: skip
    assert (older.rows_read, newer.rows_read, newer.problems) == (56, 56, [])
    assert {key[1:]: price for key, price in seen.items() if key[0] == "8"} == {
        ("low", "nonfoil"): Decimal("0.1"), ("trend", "nonfoil"): Decimal("0.77"),
        ("avg", "nonfoil"): Decimal("0.75"), ("avg1", "nonfoil"): Decimal("0.74"),
        ("avg7", "nonfoil"): Decimal("0.78"), ("avg30", "nonfoil"): Decimal("0.66"),
        ("low", "foil"): Decimal("1.1"), ("trend", "foil"): Decimal("2.77"), ("avg", "foil"): Decimal("2.23"),
        ("avg1", "foil"): Decimal("1.5"), ("avg7", "foil"): Decimal("3.38"),
        ("avg30", "foil"): Decimal("3.43"),
    }  # fmt: skip
    assert all(price > 0 for price in seen.values())
    assert Counter(key[1] for key in seen)["trend"] < 2 * 56
