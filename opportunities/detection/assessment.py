"""The exact judgement of one candidate: value, distribution, confidence, risk, rank. No query, no clock."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Decimal
from typing import Any, Final

from opportunities.choices import Flag, Refusal
from opportunities.policy import AnalysisPolicy
from opportunities.valuation import UnitPrices
from pricing.selectors import SalesTurnover
from quant.margin import margin_percentage
from quant.scoring.confidence import (
    Confidence,
    FactorScore,
    confidence_score,
    margin_size,
    price_stability,
    seller_count,
    volume_history,
)
from quant.scoring.expiry import expires_at
from quant.scoring.ranking import rank_score
from quant.scoring.risk import RiskLevel, competition_level, needs_review, risk_level
from quant.sealed.contents import Contents, ExpectationCache, expected_copies
from quant.sealed.distribution import Distribution, value_distribution
from quant.sealed.valuation import Valuation, important_unpriced, value_contents
from quant.statistics import is_price_unconfirmed

from .basket import Series, basket_cards, basket_series
from .buylist import Buylist
from .routes import Route
from .screening import Candidate

PERCENTILES: Final = (5, 25, 50, 75, 95)
DRAWN_POINTS: Final = 120
FEW_CARDS: Final = Decimal(5)
"""Fewer effective cards than this carry the value: the result of one product is a matter of luck."""

_CENT = Decimal("0.01")
_FOUR_PLACES = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Assessment:
    """Everything an opportunity states about one candidate, as stored (rounded) figures."""

    candidate: Candidate
    valuation: Valuation
    margin_percentage: Decimal
    naive_margin_percentage: Decimal
    net_profit: Decimal
    standard_deviation: Decimal
    percentiles: dict[str, str]
    probability_of_profit: Decimal
    distribution: dict[str, Any]
    confidence: Confidence
    risk_level: RiskLevel
    rank_score: Decimal
    competition_level: str
    needs_review: bool
    flags: list[str]
    oldest_price_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Market:
    """What an assessment is made against, shared by the candidates of one route.

    Args:
        route: where is bought and sold.
        policy: the gates.
        prices: of the singles.
        sealed_series: product key -> daily prices of the sealed product.
        singles_series: daily prices of the cards, by price key.
        turnover: product key -> sales of the sealed product, reported or read off its falling stock.
        cache: expected copies of shared packs.
        buylist: bids of a store in the route's currency; None without one.
    """

    route: Route
    policy: AnalysisPolicy
    prices: UnitPrices
    sealed_series: Mapping[int, Mapping[date, Decimal]]
    singles_series: Series
    turnover: Mapping[int, SalesTurnover]
    cache: ExpectationCache
    buylist: Buylist | None = None


def value_candidate(contents: Contents, market: Market) -> Valuation:
    """Value a product's contents at the market's prices."""
    copies = expected_copies(contents, cache=market.cache)
    prices = {}
    for card in copies:
        row = market.prices.row_of(card)
        if row:
            prices[card] = market.prices.price_of(row)
    return value_contents(
        contents,
        prices=prices,
        fees=market.route.terms,
        floor=market.policy.floor(market.route.currency),
        bulk_value=market.policy.bulk_value,
        items_per_order=market.policy.items_per_order,
    )


def assess(
    candidate: Candidate, *, contents: Contents, valuation: Valuation, market: Market, now: datetime
) -> Assessment | Refusal:
    """Judge one candidate exactly.

    Args:
        candidate: passed the screen.
        contents: of the product.
        valuation: of the contents (`value_candidate`).
        market: prices, terms and gates.
        now: the time of the judgement.

    Returns:
        The assessment, or the gate that refuses it.
    """
    policy = market.policy
    refusal = _refusal(contents, valuation, market)
    if refusal is not None:
        return refusal
    margin = margin_percentage(valuation.executable_value, cost=candidate.cost)
    oldest = _oldest(candidate, valuation, market.prices)
    end = expires_at(
        now=now,
        oldest_price_at=oldest,
        lifetime=policy.max_lifetime,
        price_lifetime=policy.max_price_age,
    )
    if margin <= policy.min_margin:
        return Refusal.NO_MARGIN
    if end is None:
        return Refusal.STALE
    spread = net_distribution(contents, valuation, grid_cents=policy.grid_cents)
    chance = chance_above(spread, candidate.cost)
    confidence = confidence_score(*_factors(candidate, valuation, market, margin))
    level = risk_level(confidence.score, margin)
    return Assessment(
        candidate=candidate,
        valuation=valuation,
        margin_percentage=margin,
        naive_margin_percentage=margin_percentage(valuation.expected_value, cost=candidate.price),
        net_profit=valuation.executable_value - candidate.cost,
        standard_deviation=cents_amount(spread.standard_deviation),
        percentiles=percentile_amounts(spread),
        probability_of_profit=chance,
        distribution=drawing(spread),
        confidence=confidence,
        risk_level=level,
        rank_score=rank_score(confidence=confidence.score, margin_percentage=margin, risk=level),
        competition_level=str(competition_level(candidate.quote.seller_count)),
        needs_review=needs_review(margin),
        flags=_flags(candidate, valuation, market, spread, chance),
        oldest_price_at=oldest,
        expires_at=end,
    )


def net_distribution(contents: Contents, valuation: Valuation, *, grid_cents: int) -> Distribution:
    """Return the distribution of the executable value of one product, after fees and floor."""
    cents = {line.card: int(line.copy_value * 100) for line in valuation.lines if line.copy_value > 0}
    return value_distribution(contents, cents=cents, grid_cents=grid_cents)


def chance_above(spread: Distribution, cost: Decimal) -> Decimal:
    """Return the chance that one product brings more than it costs, rounded down to four places."""
    chance = Decimal(repr(spread.probability_above(float(cost * 100))))
    return min(max(chance, Decimal(0)), Decimal(1)).quantize(_FOUR_PLACES, rounding=ROUND_FLOOR)


def percentile_amounts(spread: Distribution) -> dict[str, str]:
    """Return the 5th to 95th percentile as amounts."""
    return {str(p): str((Decimal(spread.quantile(p / 100)) / 100).quantize(_CENT)) for p in PERCENTILES}


def drawing(spread: Distribution) -> dict[str, Any]:
    """Return the distribution as points for drawing: amounts and probabilities as decimal strings."""
    return {
        "mean": str(cents_amount(spread.mean)),
        "standard_error": str(cents_amount(spread.standard_error)),
        "points": [
            [str((Decimal(cents) / 100).quantize(_CENT)), f"{probability:.6f}"]
            for cents, probability in spread.points(DRAWN_POINTS)
        ],
    }


def cents_amount(cents: float) -> Decimal:
    """Turn a statistic in cents into an amount, half even."""
    return (Decimal(repr(cents)) / 100).quantize(_CENT, rounding=ROUND_HALF_EVEN)


def _refusal(contents: Contents, valuation: Valuation, market: Market) -> Refusal | None:
    if contents.is_empty or not valuation.lines:
        return Refusal.NO_CONTENTS
    if valuation.unresolved:
        return Refusal.INCOMPLETE
    if valuation.coverage < market.policy.min_coverage:
        return Refusal.COVERAGE
    if important_unpriced(valuation, reference_prices=stale_references(valuation, market.prices)):
        return Refusal.GUARANTEED_UNPRICED
    return None


def stale_references(valuation: Valuation, prices: UnitPrices) -> dict[Any, Decimal]:
    """Return outdated prices of the cards without a usable one: a hint of what they are worth."""
    hints = {line.card: prices.stale_price_of(line.card) for line in valuation.lines if line.price is None}
    return {card: price for card, price in hints.items() if price is not None}


def _oldest(candidate: Candidate, valuation: Valuation, prices: UnitPrices) -> datetime:
    used = [prices.time_of(prices.row_of(line.card)) for line in valuation.lines if line.price is not None]
    return min([candidate.recorded_at, *used])


def _factors(
    candidate: Candidate, valuation: Valuation, market: Market, margin: Decimal
) -> tuple[FactorScore, ...]:
    sealed = _sealed_prices(candidate, market)
    weights: dict[tuple[int, str], Decimal] = {}
    for line in basket_cards(valuation.lines):
        key = price_key(line.card, market.prices)
        weights[key] = weights.get(key, Decimal(0)) + line.expected_copies
    basket = basket_series(weights, market.singles_series)
    return (
        price_stability(sealed_prices=sealed, basket_prices=basket),
        seller_count(candidate.quote.seller_count),
        sales_volume(market.turnover.get(candidate.quote.product_key)),
        margin_size(margin),
    )


def sales_volume(turnover: SalesTurnover | None) -> FactorScore:
    """Score how it sells; falling stock as a stand-in is capped, and None, nothing known, scores 0."""
    if turnover is None:
        return volume_history(days_with_sale=None, units_sold=None, is_proxy=True)
    return volume_history(
        days_with_sale=turnover.days_with_sale,
        units_sold=turnover.units_sold,
        is_proxy=not turnover.is_feed,
    )


def price_key(card: Any, prices: UnitPrices) -> tuple[int, str]:
    """Return (product key, finish) of the price a card takes, under which its history is found."""
    return card[0], prices.finish_of(prices.row_of(card))


def _sealed_prices(candidate: Candidate, market: Market) -> list[Decimal]:
    daily = market.sealed_series.get(candidate.quote.product_key, {})
    return [daily[day] for day in sorted(daily)]


def _flags(
    candidate: Candidate, valuation: Valuation, market: Market, spread: Distribution, chance: Decimal
) -> list[str]:
    quote = candidate.quote
    effective = valuation.effective_cards
    holds = {
        Flag.SINGLE_SELLER: quote.seller_count == 1,
        Flag.SELLERS_UNKNOWN: quote.seller_count is None,
        Flag.SHIPPING_UNKNOWN: quote.shipping_cost is None and not market.policy.fixed_cost,
        Flag.CONCENTRATED: effective is not None and effective < FEW_CARDS,
        Flag.LOSS_LIKELY: chance < Decimal("0.5"),
        Flag.LEVEL_SHIFT: is_price_unconfirmed(_sealed_prices(candidate, market)),
        Flag.SIMULATED: spread.standard_error > 0,
    }
    return [str(flag) for flag, is_set in holds.items() if is_set]
