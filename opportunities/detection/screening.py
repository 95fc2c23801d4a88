"""The screen: every gate that totals can decide, over all sealed products of a route at once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from django.db import connection

from opportunities.choices import Refusal
from opportunities.policy import AnalysisPolicy
from opportunities.valuation import CURRENT_BOOK, PriceBook, ProductValue, UnitPrices, value_all
from quant.margin import total_cost

from .quotes import SealedQuote, sealed_quotes
from .routes import Route

_SLACK = Decimal("0.05")
"""The mapping's probabilities have ten places; what the screen could miss by it is far below this amount."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sealed product that passed the screen: its exact assessment is worth computing."""

    product_id: UUID
    quote: SealedQuote
    price: Decimal
    recorded_at: datetime
    cost: Decimal
    contents_version_id: int | None


@dataclass(frozen=True, slots=True)
class Screening:
    """What the screen of one route found.

    Args:
        candidates: products that passed.
        refusals: product -> the gate that refused it.
        values: totals of every product with a mapping.
        prices: the singles' prices used.
    """

    candidates: list[Candidate]
    refusals: dict[UUID, Refusal]
    values: dict[UUID, ProductValue]
    prices: UnitPrices | None


def cost_of(quote: SealedQuote, *, price: Decimal, currency: str, policy: AnalysisPolicy) -> Decimal:
    """Return what buying one sealed product costs in all, rounded up.

    Args:
        quote: gives inbound shipping, if known.
        price: of the product.
        currency: of every amount.
        policy: gives the fixed cost.
    """
    shipping = quote.shipping_cost or Decimal(0)
    return total_cost(price, currency=currency, shipping=shipping, buy_fees=policy.fixed_cost)


def screen(
    route: Route,
    *,
    policy: AnalysisPolicy,
    now: datetime,
    product_ids: Collection[UUID] | None = None,
    book: PriceBook = CURRENT_BOOK,
) -> Screening:
    """Judge all sealed products of a route by their totals.

    Args:
        route: where is bought and sold.
        policy: the gates.
        now: the time prices are judged at.
        product_ids: products to judge; None judges all active sealed products of the route's game.
        book: where prices are read; a replay reads those of its moment.
    """
    quotes = sealed_quotes(
        source=route.buy,
        price_type=route.buy_price_type,
        category=route.category,
        product_ids=product_ids,
        book=book,
    )
    refusals: dict[UUID, Refusal] = {}
    priced: dict[UUID, SealedQuote] = {}
    for product_id, quote in quotes.items():
        refusal = quote_refusal(quote, policy=policy, now=now)
        if refusal is None and not route.has_fees:
            refusal = Refusal.NO_FEES
        if refusal is None:
            priced[product_id] = quote
        else:
            refusals[product_id] = refusal
    if not priced:
        return Screening([], refusals, {}, None)
    # Few products are valued from their own lines; many by loading everything once.
    wanted = None if product_ids is None else list(priced)
    singles = value_all(
        source=route.sell,
        price_type=route.sell_price_type,
        schedule=route.terms,
        policy=policy,
        now=now,
        product_ids=wanted,
        book=book,
    )
    states = contents_states(priced)
    candidates = []
    for product_id, quote in priced.items():
        value, state = singles.products.get(product_id), states.get(product_id)
        candidate = _judge(quote, value, state, route.currency, policy)
        if isinstance(candidate, Refusal):
            refusals[product_id] = candidate
        else:
            candidates.append(candidate)
    return Screening(candidates, refusals, singles.products, singles.prices)


def quote_refusal(quote: SealedQuote, *, policy: AnalysisPolicy, now: datetime) -> Refusal | None:
    """Return the gate that refuses the price of a sealed product, or None."""
    if quote.held_reasons:
        return Refusal.QUARANTINED
    if quote.price is None or quote.recorded_at is None:
        return Refusal.NO_PRICE
    if quote.recorded_at < now - policy.max_price_age:
        return Refusal.STALE
    if quote.quality is not None and quote.quality < policy.min_quality:
        return Refusal.LOW_QUALITY
    if quote.seller_count == 0 or quote.available_quantity == 0:
        return Refusal.NO_OFFERS
    return None


def _judge(
    quote: SealedQuote,
    value: ProductValue | None,
    state: tuple[int, bool] | None,
    currency: str,
    policy: AnalysisPolicy,
) -> Candidate | Refusal:
    """Return the candidate, or the first gate that refuses."""
    if quote.price is None or quote.recorded_at is None:
        return Refusal.NO_PRICE
    refusal = _value_refusal(value, state, policy)
    if refusal is not None or value is None:
        return refusal or Refusal.NO_CONTENTS
    cost = cost_of(quote, price=quote.price, currency=currency, policy=policy)
    if (value.net + _SLACK - cost) * 100 <= policy.min_margin * cost:
        return Refusal.NO_MARGIN
    return Candidate(
        product_id=quote.product_id,
        quote=quote,
        price=quote.price,
        recorded_at=quote.recorded_at,
        cost=cost,
        contents_version_id=state[0] if state else None,
    )


def _value_refusal(
    value: ProductValue | None, state: tuple[int, bool] | None, policy: AnalysisPolicy
) -> Refusal | None:
    if value is not None and value.is_absurd:
        return Refusal.IMPOSSIBLE_CONTENTS
    if state is not None and not state[1]:
        return Refusal.INCOMPLETE
    if value is None or not value.copies:
        return Refusal.NO_CONTENTS
    if value.coverage < policy.min_coverage:
        return Refusal.COVERAGE
    if value.missing_value >= policy.min_line_share * (value.gross + value.missing_value) > 0:
        return Refusal.GUARANTEED_UNPRICED
    return None


def contents_states(product_ids: Collection[UUID]) -> dict[UUID, tuple[int, bool]]:
    """Return product -> (current contents version, whether it is complete all the way down)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT product_id, id, is_complete FROM contents_versions"
            " WHERE is_current AND product_id = ANY(%s)",
            [list(product_ids)],
        )
        return {row[0]: (row[1], row[2]) for row in cursor.fetchall()}
