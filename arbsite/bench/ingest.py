"""Scenario: idempotent ingest with gates and current prices, against one `Model.save()` per price.

The naive way writes R002's `price_history` exactly as the requirement prints it: UUID key, a foreign key with
its index, text columns, and an index for the newest price.
"""

import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from django.db import connection, models

from catalog.choices import Finish, ProductType
from catalog.models import Product
from pricing.choices import PriceType
from pricing.models import PriceSource
from pricing.observations import BatchFacts, Observation
from pricing.services import record_prices

from .results import Better, Figure, ScenarioResult, ratio
from .seed import make_products
from .timing import median_seconds

TITLE = "Ingest: prices stored once, judged, with current prices"
TARGET_RATIO = 50.0
TARGET_MEGABYTES = 125.0
STATISTICS = tuple(
    (kind.value, finish.value)
    for finish in (Finish.NONFOIL, Finish.FOIL)
    for kind in (PriceType.LOW, PriceType.TREND, PriceType.AVG, PriceType.AVG7, PriceType.AVG30)
)
FIRST_DAY = datetime(2026, 1, 2, 3, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much is ingested: `cards` times ten statistics per batch."""

    cards: int
    naive_rows: int
    repeats: int


FULL = Sizes(cards=10_000, naive_rows=1_500, repeats=5)
QUICK = Sizes(cards=50, naive_rows=20, repeats=3)


class WidePrice(models.Model):
    """R002's `price_history`, column by column. Exists in the scratch database only."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    product = models.ForeignKey(Product, on_delete=models.DO_NOTHING, related_name="+")
    price = models.DecimalField(max_digits=10, decimal_places=2)
    condition = models.CharField(max_length=20, default="near_mint")
    source = models.CharField(max_length=50)
    source_url = models.CharField(max_length=500, null=True)  # noqa: DJ001 - as the requirement has it
    seller_count = models.IntegerField(null=True)
    available_quantity = models.IntegerField(null=True)
    shipping_cost = models.DecimalField(max_digits=10, decimal_places=2, null=True)
    price_type = models.CharField(max_length=20, default="market")
    is_foil = models.BooleanField(default=False)
    confidence_level = models.CharField(max_length=20, default="high")
    data_source_quality = models.DecimalField(max_digits=3, decimal_places=2, default=Decimal("1.0"))
    recorded_at = models.DateTimeField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        app_label = "bench"
        db_table = "bench_wide_prices"
        indexes = [models.Index(fields=["product", "-recorded_at"], name="bench_wide_newest")]

    def __str__(self) -> str:
        return str(self.pk)


def run(*, is_quick: bool = False) -> ScenarioResult:
    """Measure both ways in the current (scratch) database."""
    sizes = QUICK if is_quick else FULL
    make_products(ProductType.SINGLE, sizes.cards)
    with connection.schema_editor() as editor:
        editor.create_model(WidePrice)
    naive = _naive(sizes)
    batches = _Batches(sizes.cards)
    ours = median_seconds(batches.record, repeats=sizes.repeats, before=batches.next_day)
    again = median_seconds(batches.record, repeats=sizes.repeats)
    rows = sizes.cards * len(STATISTICS)
    naive_rate, our_rate = sizes.naive_rows / naive, rows / ours
    figures = (
        ratio(
            "ingest against save() per row",
            naive_seconds=1 / naive_rate,
            our_seconds=1 / our_rate,
            target=TARGET_RATIO,
            note="prices per second, ours over naive",
        ),
        Figure(
            "history size",
            _megabytes_per_million(),
            "MB per million rows",
            target=TARGET_MEGABYTES,
            better=Better.LOWER,
            note="table, primary key and every other index; 1 MB = 2^20 bytes",
        ),
        Figure("ours", our_rate, "prices/s"),
        Figure("ours, everything already known", rows / again, "prices/s"),
        Figure("naive", naive_rate, "prices/s"),
    )
    stored = rows * sizes.repeats
    return ScenarioResult(
        "ingest", TITLE, {"batch": rows, "stored": stored, "naive": sizes.naive_rows}, figures
    )


class _Batches:
    """A market of cards whose prices move a little every day."""

    def __init__(self, cards: int) -> None:
        self.source = PriceSource.objects.get(code="cardmarket")
        chance = random.Random(7)  # noqa: S311 - invented prices
        keys = Product.objects.filter(set_code="BENCH").order_by("key").values_list("key", flat=True)
        self.articles = [(f"single-{key}", chance.randrange(20, 4000)) for key in keys]
        assert len(self.articles) == cards  # noqa: S101 - the scratch database is ours alone
        self.day = 0

    def next_day(self) -> None:
        """Move on to a day nobody has seen."""
        self.day += 1

    def record(self) -> None:
        """Record the current day's batch."""
        at = FIRST_DAY + timedelta(days=self.day)
        batch = record_prices(
            source=self.source,
            observations=self._observations(),
            batch=BatchFacts(recorded_at=at),
            now=at + timedelta(minutes=5),
        )
        done = batch.prices_stored + batch.prices_known
        if done != len(self.articles) * len(STATISTICS):
            raise RuntimeError(f"only {done} of the batch's prices are in the history: {batch.skipped}")

    def _observations(self) -> Iterator[Observation]:
        for article, cents in self.articles:
            price = Decimal(cents + self.day % 7) / 100
            for price_type, finish in STATISTICS:
                yield Observation(price, price_type, "EUR", article, None, finish, "", 12, 40)


def _naive(sizes: Sizes) -> float:
    """Return the median seconds for saving `naive_rows` prices one by one."""
    chance = random.Random(7)  # noqa: S311 - invented prices
    products = list(Product.objects.filter(set_code="BENCH").values_list("pk", flat=True)[:5000])
    rows = [
        {
            "product_id": chance.choice(products),
            "price": Decimal(chance.randrange(50, 50_000)) / 100,
            "source": "cardmarket",
            "source_url": f"https://www.example.com/product/{chance.randrange(10**6)}/some-card?page=1",
            "seller_count": 12,
            "available_quantity": 40,
            "shipping_cost": Decimal("1.99"),
            "recorded_at": FIRST_DAY + timedelta(seconds=chance.randrange(86_400 * 80)),
        }
        for _ in range(sizes.naive_rows)
    ]

    def save_each() -> None:
        for row in rows:
            WidePrice(**row).save()

    return median_seconds(save_each, repeats=min(sizes.repeats, 3))


def _megabytes_per_million() -> float:
    """Return what a million stored prices take, from the partitions as they are."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(pg_total_relation_size(inhrelid)), (SELECT count(*) FROM price_history)"
            " FROM pg_inherits WHERE inhparent = 'price_history'::regclass"
        )
        size, rows = cursor.fetchone()
    return float(size) / 2**20 / float(rows) * 1_000_000
