"""A small market for tests. Prices enter through `record_prices`, contents as staff lines or as a graph."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from catalog.models import Product, ProductSingle
from opportunities.models import Opportunity
from opportunities.policy import AnalysisPolicy
from opportunities.services import AnalysisReport, analyze_products
from tests.pricing.factories import NOW, make_product, observe, record

POLICY = AnalysisPolicy(floors={"EUR": Decimal("1.00"), "USD": Decimal("1.00")}, grid_cents=1)


def put_inside(
    sealed: Product,
    single: Product,
    copies: int = 1,
    *,
    finish: str = "nonfoil",
    probability: str | None = None,
    slot: str = "",
) -> ProductSingle:
    """Enter a line of contents as staff do; with a probability it is a random line of `copies` trials."""
    return ProductSingle.objects.create(
        sealed_product=sealed,
        single_product=single,
        quantity=copies,
        guaranteed=probability is None,
        finish=finish,
        pull_probability=None if probability is None else Decimal(probability),
        slot=slot,
    )


def price(product: Product, trend: str, *, at: datetime = NOW, **facts: Any) -> None:
    """Record the market price of a product at Cardmarket."""
    record(observe(product, trend, **facts), at=at)


@dataclass(frozen=True)
class Deck:
    """A sealed deck that costs 60.00: one card of 40.00, two of 20.00, ten of 0.50.

    Market value 85.00. Above the floor of 1.00 and after 5 % a copy: 38.00 + 2 x 19.00 = 76.00, so the profit
    is 16.00 and the margin 26.66 % (26.666… rounded down).
    """

    sealed: Product
    chase: Product
    solid: Product
    bulk: Product


def make_deck(*, cost: str | None = "60.00", at: datetime = NOW, **facts: Any) -> Deck:
    """Make the deck; `facts` (seller_count, available_quantity, shipping_cost) go with its price."""
    deck = Deck(
        make_product("Dragon Deck", sealed=True),
        make_product("Chase"),
        make_product("Solid"),
        make_product("Bulk"),
    )
    put_inside(deck.sealed, deck.chase)
    put_inside(deck.sealed, deck.solid, 2)
    put_inside(deck.sealed, deck.bulk, 10)
    price_deck(deck, cost=cost, at=at, **facts)
    return deck


def price_deck(
    deck: Deck, *, cost: str | None = "60.00", at: datetime = NOW, chase: str = "40.00", **facts: Any
) -> None:
    """Record fresh prices of the deck and its cards; without a cost only of the cards."""
    seen = [observe(deck.chase, chase), observe(deck.solid, "20.00"), observe(deck.bulk, "0.50")]
    if cost is not None:
        seen.append(observe(deck.sealed, cost, **facts))
    record(*seen, at=at)


def analyze(*products: Product, now: datetime = NOW, policy: AnalysisPolicy = POLICY) -> AnalysisReport:
    """Analyse some products, or all."""
    return analyze_products(product_ids=[product.id for product in products] or None, now=now, policy=policy)


def found(deck: Deck) -> Opportunity:
    """Return the one opportunity of a deck."""
    return Opportunity.objects.get(sealed_product=deck.sealed)


def reasons(report: AnalysisReport) -> Mapping[str, int]:
    """Return why products were refused."""
    return dict(report.refusals)
