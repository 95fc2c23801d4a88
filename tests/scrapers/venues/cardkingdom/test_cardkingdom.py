import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from aiohttp import web

from catalog.importers.articles import Article, ArticleIdentifier
from common.clock import FrozenClock
from pricing.observations import Observation
from scrapers.base import Configuration
from scrapers.errors import FetchFailed, MarkupDrift, NotListed, UnreadableAnswer
from scrapers.feeds import BulkPart, FeedMemory
from scrapers.venues.cardkingdom import CardKingdomPriceList
from tests.scrapers.http.sessions import quick_session, venue

SAMPLES = Path(__file__).resolve().parents[2] / "samples" / "cardkingdom"
NOW = datetime(2026, 11, 20, 9, tzinfo=UTC)
SINGLES, SEALED = "/api/v2/pricelist", "/api/sealed_pricelist"


class Store:
    """The store's two lists; it counts what it is asked."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: list[str] = []
        self.parts: list[BulkPart] = []
        self.files: dict[str, bytes | int] = {
            SINGLES: (SAMPLES / "pricelist.json").read_bytes(),
            SEALED: (SAMPLES / "sealed_pricelist.json").read_bytes(),
        }

    async def answer(self, request: web.Request) -> web.Response:
        self.asked.append(request.path)
        found = self.files[request.path]
        if isinstance(found, int):
            return web.Response(status=found, text="{}", content_type="application/json")
        return web.Response(body=found, content_type="application/json")

    async def run(
        self, memory: FeedMemory, *, now: datetime = NOW, categories: tuple[str, ...] = ()
    ) -> list[BulkPart]:
        """Return the parts of one pass; addresses are remembered without their origin."""
        self.asked.clear()
        self.parts = []
        clock = FrozenClock(now)
        async with venue(self.answer) as base, quick_session(base, clock=clock) as session:
            configuration = Configuration({"cardkingdom": base}, folder=self.folder)
            feed = CardKingdomPriceList(session, configuration, clock=clock)
            local = FeedMemory(
                {base + path: replace(known, url=base + path) for path, known in memory.downloads.items()}
            )
            async for part in feed.fetch_bulk(local, categories=categories):
                self.parts.append(part)
                if part.download is not None:
                    memory.downloads[part.download.url.removeprefix(base)] = part.download
        return self.parts


def observed(part: BulkPart) -> list[tuple[object, ...]]:
    def facts(seen: Observation) -> tuple[object, ...]:
        return (
            seen.external_id,
            seen.price_type,
            seen.finish,
            seen.condition,
            seen.price,
            seen.available_quantity,
        )

    return [facts(seen) for seen in part.prices or ()]


async def test_prices_carry_the_copies_in_stock_and_wanted(tmp_path: Path):
    _, singles, _, sealed = await Store(tmp_path).run(FeedMemory())

    assert observed(singles) == [
        ("501", "retail", "nonfoil", "near_mint", Decimal("3.99"), 6),
        ("501", "buylist", "nonfoil", "near_mint", Decimal("2.10"), 14),
        ("501", "retail", "nonfoil", "lightly_played", Decimal("3.19"), 2),
        ("503", "retail", "nonfoil", "near_mint", Decimal("0.35"), 20),
        ("504", "retail", "nonfoil", "near_mint", Decimal("0.49"), 3),
        ("504", "buylist", "nonfoil", "near_mint", Decimal("0.05"), 4),
        ("505", "retail", "foil", "near_mint", Decimal("0.35"), 8),
    ]
    assert observed(sealed) == [
        ("900001", "retail", "nonfoil", "unopened", Decimal("139.99"), 4),
        ("900001", "buylist", "nonfoil", "unopened", Decimal("95.00"), 30),
    ]
    assert singles.prices is not None
    assert singles.prices.skipped == {"out_of_stock": 1, "not_buying": 2, "no_price": 1, "unreadable_row": 1}
    assert singles.prices.recorded_at == datetime(2026, 11, 20, 7, 7, 23, tzinfo=UTC)
    assert (singles.parser, singles.fetched_at) == ("cardkingdom.pricelist/1", NOW)


async def test_versions_of_one_card_are_one_article_unless_they_cannot_be_told_apart(tmp_path: Path):
    identifiers, *_ = await Store(tmp_path).run(FeedMemory())

    golem = "00000000-0000-4000-8000-000000000012"
    found = {article.identifiers[0].external_id: article for article in identifiers.articles or ()}
    assert found["501"] == Article(
        identifiers=(
            ArticleIdentifier("ck", "501", "nonfoil"),
            ArticleIdentifier("ck_sku", "EXR-0012", "nonfoil"),
            ArticleIdentifier("ck", "502", "foil"),
            ArticleIdentifier("ck_sku", "FEXR-0012", "foil"),
            ArticleIdentifier("scryfall", golem),
        ),
        name="Example Golem",
        product_type="single",
        category="mtg",
        set_name="Example Realm",
        is_complete=False,
    )
    assert set(found) == {"501", "503", "504", "505"}
    assert {row.source for key in ("503", "504", "505") for row in found[key].identifiers} == {"ck", "ck_sku"}


async def test_sealed_products_go_by_their_number_alone(tmp_path: Path):
    _, _, identifiers, _ = await Store(tmp_path).run(FeedMemory())

    articles = list(identifiers.articles or ())

    assert [article.product_type for article in articles] == ["sealed", "sealed"]
    assert articles[0].identifiers == (ArticleIdentifier("ck", "900001"),)


async def test_the_lists_are_fetched_once_a_day_and_identifiers_once_a_week(tmp_path: Path):
    store, memory = Store(tmp_path), FeedMemory()
    await store.run(memory)

    soon = await store.run(memory, now=NOW + timedelta(hours=20))
    asked_soon = list(store.asked)
    store.files[SINGLES] = (SAMPLES / "pricelist.json").read_bytes().replace(b"3.99", b"4.99")
    later = await store.run(memory, now=NOW + timedelta(hours=25))

    assert (asked_soon, [part.unchanged for part in soon]) == ([], [True, True])
    assert store.asked == [SINGLES, SEALED]
    assert [(part.name, part.unchanged) for part in later] == [("singles", False), ("sealed products", True)]


async def test_a_list_dated_later_than_now_is_of_now(tmp_path: Path):
    store = Store(tmp_path)
    store.files[SINGLES] = (SAMPLES / "pricelist.json").read_bytes().replace(b"07:07:23", b"17:07:23")

    _, singles, *_ = await store.run(FeedMemory())

    assert singles.prices is not None
    assert singles.prices.recorded_at == NOW


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (404, NotListed),
        (b'{"data": [{"id"', UnreadableAnswer),
        (json.dumps({"data": [{"sku": 1}, {"sku": 2}]}).encode(), MarkupDrift),
        (b"<html><head></head><body>{}</body></html>", UnreadableAnswer),
    ],
)
async def test_a_missing_or_broken_list_stops_not_the_other(
    tmp_path: Path, answer: bytes | int, error: type[FetchFailed]
):
    store, memory = Store(tmp_path), FeedMemory()
    store.files[SINGLES] = answer

    with pytest.raises(error):
        await store.run(memory)

    assert [part.name for part in store.parts] == ["sealed products: identifiers", "sealed products"]
    assert SINGLES not in memory.downloads


async def test_only_magic_is_asked_for(tmp_path: Path):
    store = Store(tmp_path)

    assert await store.run(FeedMemory(), categories=("pokemon",)) == []
    assert store.asked == []
