"""Scenario: whole markets from one file, against decoding everything, and against one page per product.

The cards are as large as those of Scryfall (3.2 KB, of which a price needs two fields in thirty), the guide
has the fields of Cardmarket's. The naive way decodes every row with `json` and looks its fields up.
"""

import gzip
import json
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final, NamedTuple

import msgspec
from django.db import connection

from catalog.choices import ProductType
from catalog.models import Venue
from pricing.choices import PriceType
from pricing.importers import parse_price_guide
from pricing.importers.cardmarket import Guide, GuideRow
from pricing.models import PriceSource
from pricing.observations import BatchFacts, Observation
from pricing.services import record_prices
from scrapers.venues.scryfall import parse_prices
from scrapers.venues.scryfall.cards import AmericanCard

from .results import Figure, ScenarioResult, ratio
from .seed import make_products
from .timing import median_seconds

TITLE = "Bulk feeds: typed decoding, and a whole market through one file"
TARGET_CARDS: Final = 5.0
TARGET_GUIDE: Final = 2.0
TARGET_UPDATE: Final = 1_000.0
SECONDS_PER_PAGE: Final = 2.0  # R002's pause between two requests to one host
SOURCE: Final = "scryfall_tcgplayer"
CARD_BYTES: Final = 3_200
AT: Final = datetime(2026, 1, 3, 22, tzinfo=UTC)
_USD: Final = (("usd", "nonfoil"), ("usd_foil", "foil"), ("usd_etched", "etched"))
_GUIDE: Final = tuple(
    (f"{name}{suffix}", name, finish)
    for suffix, finish in (("", "nonfoil"), ("-foil", "foil"))
    for name in ("low", "trend", "avg", "avg1", "avg7", "avg30")
)
_IDENTIFIERS: Final = """
INSERT INTO product_identifiers (product_id, source, external_id, finish)
SELECT id, 'scryfall', 'card-' || row_number() OVER (ORDER BY key), '' FROM products WHERE set_code = 'BENCH'
"""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Rows to decode, products to update, and how often decoding is timed."""

    cards: int
    guide_rows: int
    products: int
    repeats: int


FULL = Sizes(cards=8_000, guide_rows=50_000, products=100_000, repeats=5)
QUICK = Sizes(cards=40, guide_rows=40, products=40, repeats=1)


def run(*, is_quick: bool = False) -> ScenarioResult:
    """Measure decoding, and an update of every product in the current (scratch) database."""
    sizes = QUICK if is_quick else FULL
    with tempfile.TemporaryDirectory(prefix="arbsite-bench-") as folder:
        figures = (
            *_decode_cards(Path(folder) / "cards", sizes),
            *_decode_guide(sizes),
            *_update(Path(folder) / "market", sizes),
        )
    counts = {"cards": sizes.cards, "guide": sizes.guide_rows, "products": sizes.products}
    return ScenarioResult("feeds", TITLE, counts, figures)


def _decode_cards(path: Path, sizes: Sizes) -> Iterator[Figure]:
    rows = list(_cards(sizes.cards))
    path.write_bytes(b"\n".join(rows))
    decode = msgspec.json.Decoder(AmericanCard).decode

    def typed() -> list[object]:
        found = (decode(row) for row in rows)
        return [(card.id, card.prices.usd, card.prices.usd_foil) for card in found]

    def untyped() -> list[object]:
        found = ((card["id"], card["prices"]) for card in map(json.loads, rows))
        return [(key, Decimal(prices["usd"]), Decimal(prices["usd_foil"])) for key, prices in found]

    pair = _Pair(
        lambda: list(parse_prices(path, source=SOURCE).observations),
        lambda: list(_naive_cards(path.read_bytes())),
    )
    yield from _compared("cards", _Pair(typed, untyped), sizes.cards, sizes.repeats, target=TARGET_CARDS)
    yield from _compared("cards to prices", pair, sizes.cards, sizes.repeats)


def _decode_guide(sizes: Sizes) -> Iterator[Figure]:
    content = _guide(sizes.guide_rows)
    decode = msgspec.json.Decoder(GuideRow).decode

    def typed() -> list[object]:
        found = (decode(raw) for raw in msgspec.json.decode(content, type=Guide).priceGuides)
        return [(row.idProduct, row.trend, row.trend_foil) for row in found]

    def untyped() -> list[object]:
        found = json.loads(content, parse_float=Decimal)["priceGuides"]
        return [(row["idProduct"], row["trend"], row["trend-foil"]) for row in found]

    pair = _Pair(lambda: list(parse_price_guide(content).observations), lambda: list(_naive_guide(content)))
    yield from _compared("guide", _Pair(typed, untyped), sizes.guide_rows, sizes.repeats, target=TARGET_GUIDE)
    yield from _compared("guide to prices", pair, sizes.guide_rows, sizes.repeats)


class _Pair(NamedTuple):
    """Two ways to the same result."""

    ours: Callable[[], object]
    naive: Callable[[], object]


def _compared(
    name: str, ways: _Pair, rows: int, repeats: int, *, target: float | None = None
) -> Iterator[Figure]:
    """Yield ratio and rates of two ways.

    Raises:
        RuntimeError: if they do not agree.
    """
    if ways.ours() != ways.naive():
        raise RuntimeError(f"the two ways to read the {name} do not agree")
    ours = median_seconds(ways.ours, repeats=repeats)
    naive = median_seconds(ways.naive, repeats=repeats)
    yield Figure(f"{name}: ours against json and dicts", naive / ours, "x", target=target)
    yield Figure(f"{name}, ours", rows / ours, "rows/s")
    yield Figure(f"{name}, naive", rows / naive, "rows/s")


def _update(path: Path, sizes: Sizes) -> Iterator[Figure]:
    """Bring the prices of all products up to date from one file, as it lies there downloaded."""
    make_products(ProductType.SINGLE, sizes.products)
    with connection.cursor() as cursor:
        cursor.execute(_IDENTIFIERS)
        cursor.execute("ANALYZE product_identifiers")
    source, _ = PriceSource.objects.get_or_create(
        code=SOURCE,
        defaults={
            "venue": Venue.objects.get(code="tcgplayer"),
            "currency": "USD",
            "identifier_source": "scryfall",
            "market_price_type": PriceType.MARKET,
            "is_reference": True,
        },
    )
    with gzip.open(path, "wb", compresslevel=1) as stream:
        for card in _cards(sizes.products):
            stream.write(card + b"\n")
    started = time.perf_counter()
    parsed = parse_prices(path, source=SOURCE, observed_at=AT)
    batch = record_prices(
        source=source,
        observations=parsed.observations,
        batch=BatchFacts(recorded_at=AT),
        now=AT + timedelta(minutes=5),
    )
    seconds = time.perf_counter() - started
    if batch.prices_stored != 2 * sizes.products:
        raise RuntimeError(f"only {batch.prices_stored} prices were stored: {batch.skipped}")
    pages = sizes.products * SECONDS_PER_PAGE
    yield ratio(
        "update of all products against a page each",
        naive_seconds=pages,
        our_seconds=seconds,
        target=TARGET_UPDATE,
        note=f"pages: {pages / 3600:,.1f} h at one request in {SECONDS_PER_PAGE:g} s (computed)",
    )
    yield Figure("update of all products", seconds, "s", note="unpack, decode, judge, store")
    yield Figure("update", batch.prices_stored / seconds, "prices/s")


def _cards(count: int) -> Iterator[bytes]:
    """Yield cards as Scryfall writes them: eight fields that matter among thirty."""
    chance = random.Random(11)  # noqa: S311 - invented prices
    rest = {f"field_{n}": f"https://cards.example/{n}/" + "x" * 100 for n in range(22)}
    filler = json.dumps(rest, separators=(",", ":"))[1:-1]
    filler += ',"oracle_text":"' + "y" * max(0, CARD_BYTES - len(filler) - 400) + '"'
    for number in range(1, count + 1):
        cents = chance.randrange(20, 9_000)
        yield (
            f'{{"object":"card","id":"card-{number}","name":"Card {number}","lang":"en","set":"bench",'
            f'"collector_number":"{number}","rarity":"rare","finishes":["nonfoil","foil"],{filler},"prices":'
            f'{{"usd":"{cents / 100:.2f}","usd_foil":"{cents / 50:.2f}","usd_etched":null,'
            f'"eur":"{cents / 110:.2f}","eur_foil":null,"tix":null}}}}'
        ).encode()


def _naive_cards(content: bytes) -> Iterator[Observation]:
    for line in content.split(b"\n"):
        card = json.loads(line)
        for field, finish in _USD:
            text = card["prices"].get(field)
            if text is not None and (price := Decimal(text)) > 0:
                yield Observation(price, "market", "USD", card["id"], None, finish)


def _guide(count: int) -> bytes:
    """Return a price guide in Cardmarket's format."""
    chance = random.Random(12)  # noqa: S311 - invented prices
    rows = [
        {"idProduct": number, "idCategory": 1}
        | {field: round(chance.uniform(0.05, 60), 2) for field, _, _ in _GUIDE}
        for number in range(1, count + 1)
    ]
    return json.dumps({"version": 1, "createdAt": "2026-01-03T02:45:00+0100", "priceGuides": rows}).encode()


def _naive_guide(content: bytes) -> Iterator[Observation]:
    for row in json.loads(content, parse_float=Decimal)["priceGuides"]:
        for field, price_type, finish in _GUIDE:
            price = row.get(field)
            if price:
                yield Observation(price, price_type, "EUR", str(row["idProduct"]), None, finish)
