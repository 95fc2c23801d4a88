"""Scenario: the newest price of 300 singles, and of all, against one ORM query per single and finish.

The naive way asks the history for its newest row, once per question. It gets our narrow history and its key,
which flatters it: R002's wide table is slower.
"""

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from catalog.choices import Finish, ProductType
from catalog.models import Product
from opportunities.valuation import load_unit_prices
from pricing.choices import Condition, PriceType
from pricing.models import PriceRecord, PriceSource, PriceVariant
from pricing.selectors import market_prices

from .results import Figure, ScenarioResult, ratio
from .seed import make_history, make_products, vacuum
from .timing import median_seconds

TITLE = "Latest price: of the singles of one product, and of everything"
TARGET_RATIO = 300.0
LAST = datetime(2026, 3, 31, 3, tzinfo=UTC)
FINISHES = (Finish.NONFOIL, Finish.FOIL)


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many singles have how many days of prices, and how many of them one product holds."""

    singles: int
    days: int
    wanted: int
    repeats: int


FULL = Sizes(singles=50_000, days=20, wanted=300, repeats=5)
QUICK = Sizes(singles=60, days=5, wanted=20, repeats=3)


def run(*, is_quick: bool = False) -> ScenarioResult:
    """Measure both ways in the current (scratch) database."""
    sizes = QUICK if is_quick else FULL
    source = PriceSource.objects.get(code="cardmarket")
    variants = _make_market(source, sizes)
    keys = list(Product.objects.filter(product_type=ProductType.SINGLE).values_list("key", flat=True))
    chosen = random.Random(5).sample(keys, sizes.wanted)  # noqa: S311 - which cards does not matter
    oldest = LAST - timedelta(hours=1)

    def ours(wanted: list[int] | None) -> Callable[[], object]:
        return lambda: load_unit_prices(
            source=source, price_type=PriceType.TREND, fresh_after=oldest, product_keys=wanted
        )

    _check(source, variants, chosen, oldest)
    naive = median_seconds(lambda: _one_by_one(source, variants, chosen), repeats=min(sizes.repeats, 3))
    some = median_seconds(ours(chosen), repeats=sizes.repeats, loops=20)
    everything = median_seconds(ours(None), repeats=sizes.repeats)
    described = median_seconds(
        lambda: market_prices(source=source, oldest=oldest, product_keys=chosen),
        repeats=sizes.repeats,
        loops=20,
    )
    questions = sizes.wanted * len(FINISHES)
    naive_everything = naive * len(keys) / sizes.wanted
    figures = (
        ratio("latest of some", naive_seconds=naive, our_seconds=some, target=TARGET_RATIO),
        ratio(
            "latest of all",
            naive_seconds=naive_everything,
            our_seconds=everything,
            target=TARGET_RATIO,
            note=f"naive extrapolated from {questions} queries",
        ),
        Figure("ours, some", some * 1000, "ms", note=f"{questions} prices"),
        Figure("ours, all", everything * 1000, "ms", note=f"{len(keys) * len(FINISHES)} prices"),
        Figure(
            "ours, some, described", described * 1000, "ms", note="market_prices: every column, for pages"
        ),
        Figure("naive, some", naive * 1000, "ms", note=f"{questions} queries"),
    )
    counts = {
        "singles": sizes.singles,
        "history": sizes.singles * sizes.days * len(FINISHES),
        "some": sizes.wanted,
    }
    return ScenarioResult("latest", TITLE, counts, figures)


def _make_market(source: PriceSource, sizes: Sizes) -> list[PriceVariant]:
    """Give every single a daily trend in both finishes; return the two variants."""
    make_products(ProductType.SINGLE, sizes.singles)
    variants = []
    for finish in FINISHES:
        variant, _ = PriceVariant.objects.get_or_create(
            condition=Condition.ANY, finish=finish, price_type=PriceType.TREND, currency=source.currency
        )
        make_history(ProductType.SINGLE, source=source, variant=variant, days=sizes.days, last=LAST)
        variants.append(variant)
    vacuum("price_history", "current_prices")
    return variants


def _one_by_one(
    source: PriceSource, variants: list[PriceVariant], keys: list[int]
) -> dict[tuple[int, str], PriceRecord | None]:
    """Ask the history once per single and finish."""
    return {
        (key, variant.finish): PriceRecord.objects.filter(
            product_id=key,  # type: ignore[misc]  # the stubs expect the primary key, the column holds `key`
            source=source,
            variant=variant,
        )
        .order_by("-recorded_at")
        .first()
        for key in keys
        for variant in variants
    }


def _check(source: PriceSource, variants: list[PriceVariant], keys: list[int], oldest: datetime) -> None:
    """Make sure that both ways give the same answer before they are timed."""
    found = _one_by_one(source, variants, keys)
    naive = {place: row.price for place, row in found.items() if row is not None}
    described = market_prices(source=source, oldest=oldest, product_keys=keys)
    units = load_unit_prices(source=source, price_type=PriceType.TREND, fresh_after=oldest, product_keys=keys)
    ours = {place: units.price_of(units.row_of(place)) for place in naive}
    if naive != ours or naive != {place: row.price for place, row in described.items()}:
        raise RuntimeError("the ways give different prices")
