"""Scenario: the value of the singles of all sealed products, against a loop with one price query per card.

5,000 products hold 300 kinds of cards each. The naive way walks a product's mapping with the ORM and asks the
price history for each card; it is timed on a few products and extrapolated.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from django.db import connection

from catalog.choices import Category, Finish, ProductType
from catalog.models import Product, ProductSingle
from opportunities.policy import default_policy
from opportunities.valuation import refresh_mapping, value_all
from pricing.choices import Condition, PriceType
from pricing.models import PriceRecord, PriceSource, PriceVariant
from pricing.selectors import fee_schedule_at

from .results import Better, Figure, ScenarioResult, ratio
from .seed import make_history, make_products, vacuum
from .timing import median_seconds

TITLE = "Analysis: value every sealed product"
TARGET_RATIO = 1_000.0
TARGET_SECONDS = 1.0
LAST = datetime(2026, 3, 31, 3, tzinfo=UTC)
NOW = LAST + timedelta(hours=1)

# The k-th card of the s-th product is a fixed one of all singles; every tenth is rare.
_MAPPING = """
WITH numbered AS (
    SELECT id, product_type, row_number() OVER (PARTITION BY product_type ORDER BY key) - 1 AS n FROM products
)
INSERT INTO product_singles (id, sealed_product_id, single_product_id, quantity, guaranteed, finish, slot,
                             rarity, pull_probability, pull_basis, packs_per_product, source, created_at,
                             updated_at)
SELECT gen_random_uuid(), sealed.id, single.id, 1, false, 'nonfoil', '', '',
       CASE WHEN k %% 10 = 0 THEN 0.01 ELSE 0.2 END, 'per_product', 1, 'contents', %(now)s, %(now)s
  FROM numbered sealed
 CROSS JOIN generate_series(0, %(lines)s - 1) k
  JOIN numbered single ON single.product_type = 'single'
                      AND single.n = (sealed.n * 97 + k * 131) %% %(singles)s
 WHERE sealed.product_type = 'sealed'
 ORDER BY sealed.n
    ON CONFLICT DO NOTHING
"""

_FOREIGN_KEYS = """
SELECT conname FROM pg_constraint WHERE conrelid = 'product_singles'::regclass AND contype = 'f'
"""


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many products hold how many kinds of cards, out of how many, with how long a history."""

    sealed: int
    lines: int
    singles: int
    days: int
    naive_products: int
    repeats: int


FULL = Sizes(sealed=5_000, lines=300, singles=50_000, days=10, naive_products=3, repeats=5)
QUICK = Sizes(sealed=10, lines=12, singles=131 * 12, days=3, naive_products=2, repeats=3)


def run(*, is_quick: bool = False) -> ScenarioResult:
    """Measure both ways in the current (scratch) database."""
    sizes = QUICK if is_quick else FULL
    source = PriceSource.objects.select_related("venue").get(code="cardmarket")
    variant = _make_market(source, sizes)
    ids = list(Product.objects.filter(product_type=ProductType.SEALED).values_list("pk", flat=True))
    chosen = ids[:: max(len(ids) // sizes.naive_products, 1)][: sizes.naive_products]
    pack = median_seconds(refresh_mapping, repeats=1)
    _check(source, variant, chosen)
    naive = median_seconds(lambda: [_one_by_one(source, variant, pk) for pk in chosen], repeats=3)
    naive *= len(ids) / len(chosen)
    ours = median_seconds(lambda: _at_once(source), repeats=sizes.repeats)
    per_product = f"naive extrapolated from {len(chosen)} products"
    figures = (
        ratio("all products", naive_seconds=naive, our_seconds=ours, target=TARGET_RATIO, note=per_product),
        Figure(
            "ours, all products",
            ours,
            "s",
            target=TARGET_SECONDS,
            better=Better.LOWER,
            note="gross and net of fees, coverage, oldest price; change check and loading included",
        ),
        Figure("ours", len(ids) / ours, "products/s"),
        Figure("naive", len(ids) / naive, "products/s", note=f"all of them in {naive / 60:.1f} minutes"),
        Figure("packing every mapping again", pack, "s", note="only after contents changed"),
    )
    counts = {"sealed": sizes.sealed, "mappings": ProductSingle.objects.count(), "singles": sizes.singles}
    return ScenarioResult("analysis", TITLE, counts, figures)


def _make_market(source: PriceSource, sizes: Sizes) -> PriceVariant:
    """Make products, mappings and a history; return the variant of the prices."""
    make_products(ProductType.SINGLE, sizes.singles)
    make_products(ProductType.SEALED, sizes.sealed)
    variant, _ = PriceVariant.objects.get_or_create(
        condition=Condition.ANY,
        finish=Finish.NONFOIL,
        price_type=PriceType.TREND,
        currency=source.currency,
    )
    make_history(ProductType.SINGLE, source=source, variant=variant, days=sizes.days, last=LAST)
    with connection.cursor() as cursor:
        cursor.execute(_FOREIGN_KEYS)  # three million checks of keys we just made are not what is measured
        for (name,) in cursor.fetchall():
            cursor.execute(f'ALTER TABLE product_singles DROP CONSTRAINT "{name}"')
        cursor.execute(_MAPPING, {"lines": sizes.lines, "singles": sizes.singles, "now": LAST})
    vacuum("product_singles", "price_history", "current_prices")
    return variant


def _at_once(source: PriceSource, product_ids: Sequence[UUID] | None = None) -> dict[UUID, Decimal]:
    """Return the gross value of the singles of every product, the product's own way."""
    _, schedule = fee_schedule_at(venue=source.venue, on=date(2026, 3, 31), category=Category.MTG)
    values = value_all(
        source=source,
        price_type=PriceType.TREND,
        schedule=schedule,
        policy=default_policy(),
        now=NOW,
        product_ids=product_ids,
    )
    return {product: value.gross for product, value in values.products.items()}


def _one_by_one(source: PriceSource, variant: PriceVariant, sealed: UUID) -> Decimal:
    """Return the gross value of one product's singles, card by card, the way a first version does."""
    total = Decimal(0)
    for line in ProductSingle.objects.filter(sealed_product_id=sealed).select_related("single_product"):
        newest = (
            PriceRecord.objects.filter(
                product_id=line.single_product.key,  # type: ignore[misc]  # the stubs expect the primary key
                source=source,
                variant=variant,
            )
            .order_by("-recorded_at")
            .first()
        )
        if newest is not None:
            total += newest.price * line.quantity * (line.pull_probability or 1)
    return total


def _check(source: PriceSource, variant: PriceVariant, chosen: Sequence[UUID]) -> None:
    """Make sure that both ways give the same value before they are timed."""
    ours = _at_once(source, chosen)
    for sealed in chosen:
        naive = _one_by_one(source, variant, sealed)
        if abs(ours[sealed] - naive) > Decimal("1e-6"):
            raise RuntimeError(f"the two ways differ: {ours[sealed]} and {naive}")
